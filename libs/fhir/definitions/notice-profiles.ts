import type { StructureDefinition } from 'fhir/r4.js';
import { mayHold, onlyGroundOf } from '#libs/domain';
import {
  EXTENSION,
  formOf,
  hasWithdrawalCode,
  NOTICE_CATEGORIES,
  noticeProfile,
  PROFILE,
  SYSTEM,
  type NoticeAllowance,
  type NoticeCategory,
} from '#libs/fhir';
import { closedProfile, type ClosedProfile, type ExtensionRule, type Rule } from './closed-profile.ts';
import { messageProfile } from './message-profile.ts';

/** What a category lets through beside what all do: a withdrawal by a code of its own tells nothing of the content. */
const allowed = ({ kind, withdrawal }: NoticeCategory): NoticeAllowance => (withdrawal ? {} : formOf(kind).allows);

/** A reference and nothing beside it: a `display` or an `identifier` is where a name would slip in. */
const ref = (more: Omit<Rule, 'only'> = {}): Rule => ({ min: 1, ...more, only: { reference: { min: 1 } } });

/** The sender is a care provider by name; the parts of a message say that it is the one in it. */
const FROM_CARE_PROVIDER = {
  key: 'bry-sender',
  human: 'The sender is a care provider',
  expression: "sender.reference.startsWith('Organization/care-provider-')",
};
const codingOnly = { system: { min: 1 }, code: { min: 1 } } as const;
const categoryOf = ({ code, name }: NoticeCategory): Rule => ({
  min: 1,
  max: '1',
  only: {
    coding: {
      min: 1,
      max: '1',
      say: { patternCoding: { system: SYSTEM.notice, code } },
      only: { ...codingOnly, display: { say: { fixedString: name } } },
    },
  },
});

/** A withdrawal names the ground of its notice (rules 12.2, 12.4). */
function basis({ kind }: NoticeCategory): ExtensionRule {
  const ground = onlyGroundOf(kind);
  const rule = { url: EXTENSION.disclosureBasis, min: 1 };
  return ground ? { ...rule, value: { patternCoding: { system: SYSTEM.ground, code: ground } } } : rule;
}

const IN_FORCE = {
  key: 'bry-status',
  human: 'A notice is told, or withdrawn later',
  expression: "status = 'completed' or status = 'entered-in-error'",
};
const NOTHING_TOLD = {
  key: 'bry-withdrawal',
  human: 'A withdrawal tells nothing of the content again',
  expression:
    "inResponseTo.exists() implies (status = 'entered-in-error' and payload.empty() and extension.count() = 1)",
};

const SCOPED = `extension.where(url = '${EXTENSION.recipientNeed}' or url = '${EXTENSION.infoScope}')`;

/** By class of recipient: of open care a clinic is told and nobody else, and it is told of nothing else (rules 12.4). */
const OWN_NEED = {
  key: 'bry-own-need',
  human: 'Open care stands alone, and never before a municipality or board',
  expression:
    `${SCOPED}.where(value = 'ROV').exists() implies ` +
    `(${SCOPED}.count() = 1 and recipient.first().reference.matches('.*Organization/[0-9]{4}(-.*)?').not())`,
};

function communication(category: NoticeCategory): ClosedProfile {
  const { code, name, kind, withdrawal } = category;
  const { communication: more = [], text } = allowed(category);
  // Kinds with a code for their withdrawal never withdraw under their own.
  const ownCode = hasWithdrawalCode(kind);
  const isScoped = more.some(({ url }) => url === EXTENSION.recipientNeed || url === EXTENSION.infoScope);
  const payload: Rule = { max: '1', only: { 'content[x]': { say: { type: [{ code: 'string' }] } } } };
  return {
    url: noticeProfile(code, 'communication'),
    type: 'Communication',
    title: `${name}: handlingen att underrätta`,
    description: 'One notice to one recipient. What is not named here is forbidden.',
    shape: {
      extension: { extensions: [basis(category), ...more] },
      identifier: { min: 1, max: '1', only: { system: { min: 1 }, value: { min: 1 } } },
      ...(ownCode && !withdrawal ? {} : { inResponseTo: ref({ min: withdrawal ? 1 : 0 }) }),
      status: {},
      category: categoryOf(category),
      subject: ref(),
      encounter: ref(),
      sent: { min: 1 },
      recipient: ref({ max: '1' }),
      sender: ref(),
      ...(text ? { payload } : {}),
    },
    constraints: [FROM_CARE_PROVIDER, IN_FORCE, ...(isScoped ? [OWN_NEED] : []), ...(ownCode ? [] : [NOTHING_TOLD])],
  };
}

const LABELLED = {
  key: 'bry-visit-label',
  human: 'A visit that is protected is labelled (SE-24)',
  expression: `extension('${EXTENSION.protection}').exists() implies meta.security.exists()`,
};

function encounter(category: NoticeCategory): ClosedProfile {
  const { encounter: items = [], end } = allowed(category);
  // Said by a withdrawal alone, whatever its kind: a protection of this visit, which the label does not set apart (DEC-23).
  const extensions = [...items, { url: EXTENSION.protection }];
  return {
    url: noticeProfile(category.code, 'encounter'),
    type: 'Encounter',
    title: `${category.name}: vårdtillfället`,
    description: 'An opaque stay: no ward, no hospital, no start, no class beyond inpatient (rules 12.4).',
    shape: {
      extension: { extensions },
      status: {},
      class: {
        say: { patternCoding: { system: SYSTEM.actCode, code: 'IMP' } },
        only: codingOnly,
      },
      subject: ref(),
      ...(end ? { period: { only: { end: { min: 1 } } } } : {}),
    },
    constraints: [LABELLED],
  };
}

const ADDRESS: Rule = {
  max: '1',
  extensions: [
    { url: EXTENSION.seAddressType },
    { url: EXTENSION.seMunicipality },
    { url: EXTENSION.seDistrictBoard },
    { url: EXTENSION.dataAbsentReason, value: { patternCode: 'masked' } },
  ],
  only: { line: {}, city: {}, postalCode: {} },
};
const MASKED = {
  key: 'bry-masked',
  human: 'The address of a protected person is masked (SE-24)',
  expression:
    'meta.security.exists() implies address.all(line.empty() and city.empty() and postalCode.empty() and ' +
    `extension.all(url = '${EXTENSION.dataAbsentReason}'))`,
};

function patient(category: NoticeCategory): ClosedProfile {
  const address = !category.withdrawal && mayHold(category.kind, 'address');
  return {
    url: noticeProfile(category.code, 'patient'),
    type: 'Patient',
    title: `${category.name}: personen`,
    description: 'Identity and name; the registered address in an INS alone (LUS 2:2).',
    shape: {
      extension: { extensions: [] },
      identifier: {
        ...{ min: 1, max: '1', only: { system: {}, value: { min: 1 } } },
        extensions: [{ url: EXTENSION.identityCertainty }],
      },
      name: { max: '1', only: { use: {}, family: {}, given: {} } },
      ...(address ? { address: ADDRESS } : {}),
    },
    constraints: address ? [MASKED] : [],
  };
}

const HEADER: ClosedProfile = {
  url: PROFILE.noticeHeader,
  type: 'MessageHeader',
  title: 'Underrättelse: huvud',
  description: 'From a care provider to one recipient, with an opaque address to answer to.',
  shape: {
    extension: { extensions: [] },
    'event[x]': {
      say: { type: [{ code: 'Coding' }] },
      only: { system: { min: 1, say: { fixedUri: SYSTEM.notice } }, code: { min: 1 }, display: {} },
    },
    destination: { min: 1, max: '1', only: { endpoint: {}, receiver: ref() } },
    sender: ref(),
    source: { only: { endpoint: {} } },
    focus: ref({ max: '1' }),
  },
  constraints: [
    FROM_CARE_PROVIDER,
    {
      key: 'bry-reply',
      human: 'The address to answer to is opaque',
      expression: "source.endpoint.startsWith('urn:uuid:')",
    },
    {
      key: 'bry-destination',
      human: 'The destination is the receiver and says nothing else',
      expression:
        "destination.all(('Organization/' + endpoint.toString().replace('urn:bryggan:party:', '')) = receiver.reference)",
    },
  ],
};

const ORGANIZATION: ClosedProfile = {
  url: PROFILE.noticeOrganization,
  type: 'Organization',
  title: 'Underrättelse: vårdgivare eller mottagare',
  description: 'A name. Neither ward nor hospital, nor the HSA-id of either (rules 12.4).',
  shape: { extension: { extensions: [] }, name: { min: 1 } },
  constraints: [
    {
      key: 'bry-no-ward',
      human: 'The care provider is not named by a ward or an HSA-id',
      expression:
        "id.startsWith('care-provider-') implies name.matches('(?i).*(avdelning|\\\\bavd\\\\b|SE[0-9]{10}).*').not()",
    },
  ],
};

const PROVENANCE: ClosedProfile = {
  url: PROFILE.noticeProvenance,
  type: 'Provenance',
  title: 'Underrättelse: en länk i kedjan',
  description: 'Which message, when, and what it corrected or withdrew (standards 1.6). Never why.',
  shape: {
    extension: { extensions: [] },
    target: ref({ max: '1' }),
    recorded: {},
    activity: {
      min: 1,
      only: {
        coding: {
          min: 1,
          max: '1',
          only: { system: { min: 1, say: { fixedUri: SYSTEM.dataOperation } }, code: { min: 1 } },
        },
      },
    },
    agent: {
      max: '1',
      only: { who: { only: { type: { min: 1 }, display: { min: 1, say: { fixedString: 'Bryggan' } } } } },
    },
    entity: { only: { role: {}, what: ref() } },
  },
};

const messageOf = ({ code, name }: NoticeCategory) =>
  messageProfile({
    url: noticeProfile(code, 'message'),
    title: `${name}: meddelandet`,
    code,
    communication: noticeProfile(code, 'communication'),
    encounter: noticeProfile(code, 'encounter'),
    patient: noticeProfile(code, 'patient'),
  });

/** What each kind of notice may carry: a whole set of closed profiles per category. */
export function noticeProfiles(): StructureDefinition[] {
  return [
    ...NOTICE_CATEGORIES.flatMap((category) => [
      messageOf(category),
      closedProfile(communication(category)),
      closedProfile(encounter(category)),
      closedProfile(patient(category)),
    ]),
    ...[HEADER, ORGANIZATION, PROVENANCE].map(closedProfile),
  ];
}
