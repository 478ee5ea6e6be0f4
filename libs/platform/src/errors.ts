/**
 * The one table of what can go wrong. Acknowledgements, OperationOutcomes, `rejected` records and logs all read it, and
 * docs/operations.md says what an operator does about those that nobody else can mend. To add a line: take the next free
 * number of its series, never reuse or renumber one (people search for them). 1011, 4006 and 4011 have been used.
 *
 * BRY-1xxx the envelope of a message; 2xxx its content; 3xxx the API; 4xxx operating the hub; 9xxx a fault of our own.
 * Texts are constant: nothing of the message may be put into them. The place of a fault says where to look.
 */
export type AckCode = 'AA' | 'AE' | 'AR';

export interface ErrorEntry {
  readonly code: `BRY-${number}`;
  /** HL7 table 0357, for ERR-3. */
  readonly hl7: '100' | '101' | '102' | '103' | '200' | '201' | '202' | '203' | '204' | '205' | '207';
  /** MSA-1 when met at the door. `AA`: the bytes are kept, and the fault is told through `rejected` (architecture 2.1). */
  readonly ack: AckCode;
  readonly http: number;
  /** FHIR issue type of an OperationOutcome. */
  readonly issue: string;
  readonly severity: 'fatal' | 'error' | 'warning';
  /** Swedish, for people. */
  readonly text: string;
  readonly remedy: string;
}

type Row = readonly [
  code: ErrorEntry['code'],
  hl7: ErrorEntry['hl7'],
  ack: AckCode,
  http: number,
  issue: string,
  text: string,
  remedy: string,
];

// One line per error, however long: it is a table.
// prettier-ignore
const ROWS = {
  // 1xxx: the envelope, read by the ingress before anything is stored.
  'no-header': ['BRY-1001', '100', 'AR', 400, 'structure', 'Meddelandet börjar inte med ett MSH-segment.', 'Skicka ett HL7 v2-meddelande vars första segment är MSH.'],
  'missing-field': ['BRY-1002', '101', 'AR', 400, 'required', 'Ett obligatoriskt fält saknas.', 'Fyll i fältet som anges som plats.'],
  'unknown-message-type': ['BRY-1003', '200', 'AR', 422, 'not-supported', 'Meddelandetypen tas inte emot här.', 'Skicka ADT-meddelanden.'],
  'unsupported-trigger': ['BRY-1004', '201', 'AR', 422, 'not-supported', 'Händelsen (MSH-9.2) tas inte emot.', 'Skicka händelser om vårdtillfället (A01-A08, A11-A14, A16, A21, A22, A25) och personen (A18, A28, A31, A34, A40); filtrera bort övriga hos avsändaren.'],
  'wrong-processing-id': ['BRY-1005', '202', 'AR', 422, 'business-rule', 'Meddelandets MSH-11 stämmer inte med avtalet: test i produktion eller tvärtom.', 'Rätta MSH-11 eller skicka till rätt miljö.'],
  'unsupported-version': ['BRY-1006', '203', 'AR', 422, 'not-supported', 'HL7-versionen i MSH-12 stöds inte.', 'Skicka version 2.1 till 2.9.'],
  'unknown-sender': ['BRY-1007', '204', 'AR', 403, 'security', 'Avsändaren har inget gällande avtal.', 'Kontrollera MSH-4 (FHIR: MessageHeader.source.endpoint) och att avtalet gäller i dag.'],
  'batch-not-taken': ['BRY-1008', '200', 'AR', 422, 'structure', 'Satsen (FHS/BHS) går inte att dela upp i meddelanden.', 'Kontrollera att varje rad hör till ett meddelande och att BTS-1 och FTS-1 stämmer; högst 1000 meddelanden i en sats.'],
  'frame-too-large': ['BRY-1009', '102', 'AR', 413, 'too-long', 'Meddelandet är större än vad som tas emot.', 'Dela upp meddelandet eller höj BRYGGAN_MLLP_MAX_FRAME_BYTES och Kafkas gräns.'],
  'storage-away': ['BRY-1010', '207', 'AE', 503, 'transient', 'Meddelandet kunde inte lagras säkert just nu.', 'Skicka samma meddelande igen; inget behöver ändras.'],
  'too-busy': ['BRY-1011', '207', 'AE', 503, 'throttled', 'Hubben har för mycket att göra just nu.', 'Skicka igen om en stund.'],
  'sender-not-bound': ['BRY-1012', '204', 'AR', 403, 'security', 'Avsändaren i MSH-4 är inte den som kopplade upp sig.', 'Skicka med det certifikat som avtalet anger, eller med avsändarens egen nyckel.'],
  'empty-content': ['BRY-1013', '100', 'AR', 400, 'structure', 'Innehållet är tomt.', 'Skicka ett meddelande i HL7 v2 (ER7) eller JSON.'],
  'xml-content': ['BRY-1014', '200', 'AR', 400, 'not-supported', 'Innehållet är XML, som inte tas emot.', 'Skicka HL7 v2 med avgränsare (ER7, första segmentet MSH) eller FHIR som JSON.'],
  'binary-content': ['BRY-1015', '200', 'AR', 400, 'not-supported', 'Innehållet är ingen text, utan en packad eller binär fil.', 'Packa upp filen och skicka meddelandena i den som text.'],
  'utf-16-content': ['BRY-1016', '102', 'AR', 400, 'structure', 'Innehållet är skrivet i UTF-16, som inte tas emot.', 'Spara eller skicka det som UTF-8.'],
  'file-unreadable': ['BRY-1017', '207', 'AR', 422, 'not-found', 'Filen går inte att läsa.', 'Kontrollera sökvägen och att du har rätt att läsa filen.'],
  'folder-empty': ['BRY-1018', '207', 'AR', 422, 'not-found', 'Det finns inga filer i mappen.', 'Ange den mapp eller de filer som har meddelandena.'],
  'bad-delimiters': ['BRY-1019', '100', 'AR', 400, 'structure', 'MSH-1 och MSH-2 anger inga avgränsare som går att läsa.', 'Börja meddelandet med MSH|^~\\&|.'],
  // 2xxx: the content. Acknowledged, then told through `rejected`.
  'bad-charset': ['BRY-2001', '102', 'AA', 422, 'structure', 'Tecknen stämmer inte med teckenkodningen i MSH-18.', 'Rätta MSH-18 eller avsändarens teckenkodning.'],
  'parse-fault': ['BRY-2002', '100', 'AA', 422, 'structure', 'Meddelandet kunde inte delas upp i segment och fält.', 'Se platsen och rätta meddelandet hos avsändaren.'],
  'no-visit-id': ['BRY-2003', '101', 'AA', 422, 'required', 'Vårdtillfällets id saknas.', 'Fyll i PV1-19 eller det fält som avtalet anger.'],
  'no-patient-identity': ['BRY-2004', '101', 'AA', 422, 'required', 'Ingen identitet av känd typ finns för patienten.', 'Fyll i PID-3 med typ (CX.4 eller CX.5), eller lägg till typen i avtalet.'],
  'ambiguous-century': ['BRY-2005', '102', 'AA', 422, 'value', 'Ett personnummer har tio siffror utan skiljetecken: seklet går inte att veta.', 'Skicka tolv siffror, skiljetecken eller födelsedatum i PID-7.'],
  'wrong-check-digit': ['BRY-2006', '102', 'AA', 422, 'value', 'Kontrollsiffran i en identitet stämmer inte.', 'Rätta identiteten hos avsändaren och skicka igen.'],
  'bad-identity': ['BRY-2007', '102', 'AA', 422, 'value', 'En identitet har inte den form som dess typ kräver.', 'Rätta identiteten eller dess typ.'],
  'bad-timestamp': ['BRY-2008', '102', 'AA', 422, 'value', 'En tidpunkt går inte att läsa eller finns inte.', 'Skriv tiden som ÅÅÅÅMMDDTTMM[SS][+ZZZZ].'],
  'time-in-gap': ['BRY-2009', '102', 'AA', 422, 'value', 'Tidpunkten finns inte: den ligger i timmen som hoppas över vid övergång till sommartid.', 'Ange tidszon (+0100 eller +0200).'],
  'time-in-overlap': ['BRY-2010', '102', 'AA', 422, 'value', 'Tidpunkten finns två gånger: den ligger i timmen som upprepas vid övergång till normaltid.', 'Ange tidszon (+0100 eller +0200).'],
  'unknown-fact': ['BRY-2011', '103', 'AA', 422, 'code-invalid', 'Uppgiftens kod i OBX-3 är okänd.', 'Använd en kod ur CodeSystem/fact.'],
  'unknown-fact-value': ['BRY-2012', '103', 'AA', 422, 'code-invalid', 'Uppgiftens värde i OBX-5 är inte tillåtet för koden.', 'Använd ett av värdena som dialekten anger.'],
  'bad-scope': ['BRY-2013', '103', 'AA', 422, 'code-invalid', 'Omfånget i OBX-4 är okänt eller passar inte koden.', 'Använd SOC, KHSL, ROV, HOME eller inget.'],
  'bad-status': ['BRY-2014', '103', 'AA', 422, 'code-invalid', 'Statusen i OBX-11 är inte F, C, D eller W.', 'Använd F, C, D eller W.'],
  'bad-class': ['BRY-2015', '103', 'AA', 422, 'code-invalid', 'Vårdformen i PV1-2 är okänd.', 'Använd en kod ur tabell 0004.'],
  'implausible-order': ['BRY-2016', '102', 'AA', 422, 'business-rule', 'Tiderna motsäger varandra: slutet ligger före början.', 'Rätta tiderna hos avsändaren.'],
  'poison-record': ['BRY-2017', '207', 'AA', 422, 'processing', 'Posten kunde inte behandlas och har lagts åt sidan.', 'Se platsen; spela upp posten igen när felet är rättat.'],
  'undecodable-record': ['BRY-2018', '207', 'AA', 422, 'structure', 'Postens huvud eller innehåll går inte att läsa.', 'Kontrollera vem som har skrivit posten på ämnet.'],
  'bad-event': ['BRY-2019', '102', 'AA', 422, 'invalid', 'Händelsens FHIR-paket följer inte profilen.', 'Jämför med schemas/ och rätta den som skriver.'],
  'fact-after-message': ['BRY-2020', '102', 'AA', 422, 'business-rule', 'En uppgift har en tid efter att meddelandet skickades; den gäller från då.', 'Rätta tiden i OBX-14.'],
  'need-and-none': ['BRY-2021', '102', 'AA', 422, 'business-rule', 'Behov och inget behov anges på en gång; behovet gäller.', 'Skicka NONE ensamt när inget behov finns.'],
  'contradicting-facts': ['BRY-2022', '102', 'AA', 422, 'business-rule', 'Samma uppgift har två värden i ett meddelande; ingetdera gäller.', 'Skicka uppgiften en gång, med det värde som gäller.'],
  'no-admission-time': ['BRY-2023', '101', 'AA', 422, 'required', 'Inskrivningen saknar tid; tiden då meddelandet skickades gäller.', 'Fyll i PV1-44.'],
  'unknown-ward': ['BRY-2024', '204', 'AA', 422, 'code-invalid', 'Avdelningen finns inte i avsändarens avtal.', 'Lägg till avdelningen i avtalet eller rätta dess HSA-id.'],
  'bad-hsa-id': ['BRY-2025', '102', 'AA', 422, 'value', 'Ett HSA-id har inte rätt form.', 'Skriv det som SE2321000016-1001.'],
  'unknown-protection': ['BRY-2026', '103', 'AA', 422, 'code-invalid', 'Koden för skyddade personuppgifter är okänd; den hanteras som det strängaste skyddet.', 'Använd SEKR, SKYDD eller FING, eller lägg till koden i avtalet.'],
  'bad-address-code': ['BRY-2027', '103', 'AA', 422, 'value', 'Koden för kommun eller stadsdel i adressen går inte att läsa.', 'Skriv kommunkoden med fyra siffror och stadsdelen med nämndens namn i länets register.'],
  'mislabelled-charset': ['BRY-2028', '102', 'AA', 422, 'structure', 'Tecknen är inte i den teckenkodning som MSH-18 anger; de lästes i den som passar.', 'Rätta MSH-18.'],
  'windows-charset': ['BRY-2029', '102', 'AA', 422, 'structure', 'Tecken ur Windows-1252 står i en annan teckenkodning; de lästes så.', 'Skicka UTF-8 eller ange rätt teckenkodning i MSH-18.'],
  'control-characters': ['BRY-2030', '102', 'AA', 422, 'structure', 'Styrtecken har ersatts med mellanslag.', 'Ta bort styrtecken hos avsändaren.'],
  'lost-letters': ['BRY-2031', '102', 'AA', 422, 'structure', 'Avsändaren har tappat bokstäver innan meddelandet kom hit.', 'Rätta teckenkodningen i avsändarens system.'],
  'unread-escape': ['BRY-2032', '102', 'AA', 422, 'structure', 'En escapesekvens går inte att läsa och står kvar som den skrevs.', 'Använd sekvenserna i HL7 v2 kapitel 2, eller skicka tecknet i UTF-8.'],
  'unescaped-delimiter': ['BRY-2033', '102', 'AA', 422, 'structure', 'Ett avgränsningstecken står oskyddat i en text; det lästes som text.', 'Skriv det som en escapesekvens.'],
  'excess-in-time': ['BRY-2034', '102', 'AA', 422, 'value', 'En tidpunkt har fler decimaler än vad som är säkert; de utelämnades.', 'Skriv högst fyra decimaler efter en punkt.'],
  'identities-differ': ['BRY-2035', '102', 'AA', 422, 'business-rule', 'Två olika personnummer gäller på en gång: det går inte att veta vilket.', 'Skicka ett personnummer, eller giltighetstid (CX.7, CX.8) för det andra.'],
  'bad-indicator': ['BRY-2036', '103', 'AA', 422, 'code-invalid', 'Ett fält för ja eller nej har ett annat värde.', 'Skriv Y eller N.'],
  'more-findings': ['BRY-2037', '102', 'AA', 422, 'too-long', 'Meddelandet har fler fel än de som räknas upp.', 'Rätta de uppräknade felen och skicka igen.'],
  'bad-form': ['BRY-2038', '102', 'AA', 422, 'value', 'Ett fält i formuläret saknas eller har ett värde som inte är tillåtet.', 'Rätta fältet som anges som plats; schemat finns under schemas/forms.'],
  'answer-not-theirs': ['BRY-2039', '204', 'AA', 403, 'forbidden', 'Ett svar av det här slaget lämnas inte av den här parten.', 'Låt den part svara som uppgiften gäller.'],
  'ground-not-stated': ['BRY-2040', '101', 'AA', 422, 'business-rule', 'Uppgiften kan inte lämnas vidare: ingen grund är angiven som bryter sekretessen.', 'Ange grunden, till exempel CONSENT.'],
  'unknown-party': ['BRY-2041', '103', 'AA', 422, 'code-invalid', 'Parten finns inte i länets katalog.', 'Ange partens id: kommunkod, stadsdelsnämnd eller HSA-id.'],
  'no-such-notice': ['BRY-2042', '204', 'AA', 404, 'not-found', 'Underrättelsen finns inte hos den som svarar.', 'Ange Encounter.id och Communication.id ur underrättelsen som besvaras.'],
  'not-carried-over': ['BRY-2043', '200', 'AA', 422, 'not-supported', 'Meddelandet i den gamla tjänsten förs inte över.', 'Se rapporten från npm run import.'],
  'fhir-not-message': ['BRY-2050', '100', 'AA', 422, 'invariant', 'Innehållet är inte ett FHIR-meddelande.', 'Skicka en Bundle av typ message vars första post är MessageHeader (bdl-12).'],
  'fhir-too-many-entries': ['BRY-2051', '102', 'AA', 422, 'too-long', 'Meddelandet har fler poster än vad som tas emot.', 'Skicka ett meddelande per underrättelse.'],
  'fhir-event-unknown': ['BRY-2052', '201', 'AA', 422, 'not-supported', 'Meddelandets händelse (MessageHeader.event) tas inte emot.', 'Använd en kod ur CodeSystem/notice; se /fhir/metadata.'],
  'fhir-missing': ['BRY-2053', '101', 'AA', 422, 'required', 'Ett element som meddelandet måste ha saknas.', 'Fyll i elementet som anges som plats; se profilen i schemas/fhir.'],
  'fhir-repeated': ['BRY-2054', '102', 'AA', 422, 'structure', 'Ett element eller en resurs finns fler gånger än den får.', 'Behåll en.'],
  'fhir-value': ['BRY-2055', '102', 'AA', 422, 'value', 'Ett element har ett värde som inte går att läsa.', 'Skriv värdet som FHIR R4 har det.'],
  'fhir-code': ['BRY-2056', '103', 'AA', 422, 'code-invalid', 'En kod är okänd eller passar inte här.', 'Använd en kod ur profilens ValueSet.'],
  'fhir-reference': ['BRY-2057', '204', 'AA', 422, 'invariant', 'En referens pekar inte på den resurs i meddelandet som den måste.', 'Låt referens och post ha samma id.'],
  'fhir-correction': ['BRY-2058', '102', 'AA', 422, 'business-rule', 'Rättelsen eller återtagandet säger inte vad som rättas eller återtas.', 'Sätt status på det som rättas (corrected) eller återtas (entered-in-error), som Provenance säger.'],
  'fhir-danish-only': ['BRY-2059', '200', 'AA', 422, 'not-supported', 'Detta finns bara i Danmark och har ingen motsvarighet här.', 'Skicka HospitalNotification, eller en underrättelse ur CodeSystem/notice.'],
  'kind-not-theirs': ['BRY-2060', '204', 'AA', 403, 'forbidden', 'Avsändaren får inte skicka detta slag av meddelande.', 'Se i schemas/fhir vem som får skicka vad.'],
  'sender-not-caller': ['BRY-2061', '204', 'AA', 403, 'forbidden', 'Meddelandets avsändare är en annan än den som anropar.', 'Rätta MessageHeader.source.endpoint, eller anropa med avsändarens nyckel.'],
  'missing-predecessor': ['BRY-2062', '204', 'AA', 422, 'incomplete', 'Meddelandet som detta rättar, återtar eller följer har inte kommit hit.', 'Skicka det som saknas; det som kom är mottaget.'],
  'too-many-stays': ['BRY-2081', '207', 'AA', 422, 'too-costly', 'Personen har fler vårdtillfällen än ett meddelande får beröra; det har lagts åt sidan.', 'Kontrollera om avsändaren skickar samma person om och om igen; för en människa i taget går ändringen att göra för hand.'],
  'merged-with-itself': ['BRY-2080', '102', 'AA', 422, 'business-rule', 'En sammanslagning nämner samma nummer som det som består och som det som upphör; den lästes som personuppgifter.', 'Skicka det nummer som upphör i MRG-1.'],
  'broken-segment': ['BRY-2082', '100', 'AA', 422, 'structure', 'En rad är inget segment; den lästes som fortsättning på segmentet före, eller utelämnades.', 'Avsluta varje segment med CR, och skriv radbyte i en text som \\.br\\.'],
  'register-differs': ['BRY-2083', '102', 'AA', 422, 'business-rule', 'Personregistret säger något annat än meddelandet; det som meddelandet säger gäller.', 'Kontrollera uppgiften och rätta den hos avsändaren om registret har rätt.'],
  'register-protects': ['BRY-2084', '102', 'AA', 422, 'business-rule', 'Personregistret har skyddade personuppgifter för personen som meddelandet inte anger; personen hanteras som skyddad.', 'Ange skyddet i avsändarens system.'],
  'several-patients': ['BRY-2085', '102', 'AA', 422, 'business-rule', 'Meddelandet nämner två patienter: det går inte att veta vem resten gäller.', 'Skicka ett meddelande per patient.'],
  'several-visits': ['BRY-2086', '102', 'AA', 422, 'business-rule', 'Meddelandet nämner två vårdtillfällen: det går inte att veta vilket resten gäller.', 'Skicka ett meddelande per vårdtillfälle.'],
  'repeated-segment': ['BRY-2087', '100', 'AA', 422, 'structure', 'Ett segment som bara får stå en gång står fler gånger; det första gäller.', 'Skicka segmentet en gång.'],
  'admission-after-message': ['BRY-2088', '102', 'AA', 422, 'business-rule', 'Inskrivningen har en tid långt efter att meddelandet skickades; tiden gäller inte.', 'Skicka inskrivningen när patienten skrivs in; en planerad skickas som A05 eller A14, eller i klass P (FHIR: PRENC).'],
  'no-discharge-time': ['BRY-2089', '101', 'AA', 422, 'required', 'Utskrivningen saknar tid; tiden då meddelandet skickades gäller.', 'Fyll i PV1-45.'],
  'no-class': ['BRY-2090', '101', 'AA', 422, 'required', 'Inskrivningen saknar vårdform; den gäller inte som sluten vård, och ingen underrättas.', 'Fyll i PV1-2: I för sluten vård.'],
  'event-too-large': ['BRY-2091', '102', 'AA', 422, 'too-long', 'Meddelandet säger mer än vad en händelse rymmer.', 'Skicka färre uppgifter, eller kortare texter, i ett meddelande.'],
  'more-identities': ['BRY-2092', '102', 'AA', 422, 'too-long', 'Personen har fler identiteter än de som läses; de som räknas först gäller.', 'Skicka bara de identiteter som gäller.'],
  'several-messages': ['BRY-2093', '100', 'AA', 422, 'structure', 'Flera meddelanden har kommit som ett.', 'Skicka varje meddelande för sig, eller som en sats (FHS, BHS).'],
  'no-segments': ['BRY-2094', '100', 'AA', 422, 'structure', 'Meddelandet har inga segment efter MSH.', 'Avsluta varje segment med CR (0D).'],
  'class-differs': ['BRY-2095', '102', 'AA', 422, 'business-rule', 'Händelsen och vårdformen (PV1-2) säger olika om sluten vård; ingen frist börjar.', 'Skicka A01 eller A06 i klass I för sluten vård, och A04 eller A07 i en annan klass för öppen.'],
  'discharge-after-message': ['BRY-2096', '102', 'AA', 422, 'business-rule', 'Utskrivningen har en tid långt efter att meddelandet skickades; den gäller från då.', 'Skicka utskrivningen när patienten har skrivits ut; en planerad skickas som PV2-9 eller A16 (FHIR: BUT).'],
  'unknown-leaving': ['BRY-2097', '103', 'AA', 422, 'code-invalid', 'Sättet att lämna vårdtillfället är okänt; det lästes som hem.', 'Använd en kod ur tabell 0112, eller lägg till koden i avtalet.'],
  'event-after-message': ['BRY-2098', '102', 'AA', 422, 'business-rule', 'Händelsen har en tid långt efter att meddelandet skickades; den räknas som när det skickades.', 'Rätta EVN-6 (FHIR: Provenance.occurredDateTime), eller avsändarens klocka.'],
  // 3xxx: the API.
  unauthenticated: ['BRY-3001', '204', 'AR', 401, 'login', 'Anropet saknar giltig behörighet.', 'Skicka Authorization: Bearer med en giltig nyckel.'],
  forbidden: ['BRY-3002', '204', 'AR', 403, 'forbidden', 'Anroparen får inte göra detta.', 'Använd en anropare med rätt roll.'],
  'not-found': ['BRY-3003', '204', 'AR', 404, 'not-found', 'Det finns inget här för den som frågar.', 'Kontrollera adressen.'],
  'method-not-allowed': ['BRY-3004', '200', 'AR', 405, 'not-supported', 'Metoden kan inte användas här.', 'Se /fhir/metadata för vad som kan göras.'],
  'not-acceptable': ['BRY-3005', '200', 'AR', 406, 'not-supported', 'Svaret finns inte i det format som begärs.', 'Begär application/fhir+json.'],
  'unsupported-media': ['BRY-3006', '200', 'AR', 415, 'not-supported', 'Innehållets format tas inte emot.', 'Skicka det format och den teckenkodning som adressen tar emot.'],
  'bad-parameter': ['BRY-3007', '102', 'AR', 400, 'value', 'En sökparameter har ett värde som inte går att läsa.', 'Rätta parametern som anges som plats.'],
  'unknown-parameter': ['BRY-3008', '102', 'AR', 400, 'not-supported', 'Sökparametern stöds inte.', 'Se /fhir/metadata för vilka som stöds.'],
  'person-in-url': ['BRY-3009', '102', 'AR', 400, 'security', 'En persons identitet eller namn får inte stå i en adress.', 'Använd POST _search med uppgiften i innehållet.'],
  'bad-body': ['BRY-3010', '100', 'AR', 400, 'structure', 'Innehållet går inte att läsa.', 'Skicka giltig JSON enligt schemat.'],
  'body-too-large': ['BRY-3011', '102', 'AR', 413, 'too-long', 'Innehållet är för stort.', 'Skicka mindre åt gången.'],
  'bad-cursor': ['BRY-3012', '102', 'AR', 400, 'value', 'Bläddringsmärket gäller inte.', 'Börja om från första sidan.'],
  'bad-instant': ['BRY-3013', '102', 'AR', 400, 'value', 'Tidpunkten går inte att läsa.', 'Skriv den som 2026-05-10T14:30:00+02:00.'],
  'bad-character': ['BRY-3014', '102', 'AR', 400, 'value', 'Anropet innehåller ett styrtecken.', 'Ta bort tecknet (%00 och andra) ur adressen eller formuläret.'],
  'too-many-values': ['BRY-3015', '102', 'AR', 400, 'too-costly', 'Sökningen har för många parametrar eller värden.', 'Dela upp sökningen i flera.'],
  'too-many-requests': ['BRY-3016', '207', 'AR', 429, 'throttled', 'Anroparen har för många anrop på en gång.', 'Vänta så länge som Retry-After säger, och anropa igen.'],
  'bad-request': ['BRY-3017', '100', 'AR', 400, 'structure', 'Anropet följer inte HTTP.', 'Rätta anropet: rad, rubriker och längd.'],
  'request-changed': ['BRY-3018', '205', 'AR', 422, 'duplicate', 'Samma nyckel eller id har redan använts för ett annat innehåll.', 'Skicka det nya innehållet med en ny nyckel eller ett nytt id.'],
  'bad-encoding': ['BRY-3019', '102', 'AR', 400, 'structure', 'Innehållet är inte UTF-8.', 'Skicka UTF-8 och inget annat.'],
  'duplicate-name': ['BRY-3020', '102', 'AR', 400, 'structure', 'Samma namn står två gånger i ett JSON-objekt.', 'Skriv varje namn en gång.'],
  'nested-too-deep': ['BRY-3021', '102', 'AR', 400, 'too-costly', 'JSON är nästlad djupare än vad som tas emot.', 'Skicka innehållet som profilen i schemas/fhir har det.'],
  'response-not-allowed': ['BRY-3022', '204', 'AR', 403, 'forbidden', 'Svaret kan inte sändas till den adressen.', 'Ange en adress som länet har angett för avsändaren i responses.json, eller hämta svaret i samma anrop (utan async).'],
  'task-not-open': ['BRY-3023', '205', 'AR', 409, 'conflict', 'Uppgiften väntar inte längre: någon var först, eller behovet har fått en mottagare.', 'Hämta uppgiften på nytt. Ett beslut ändras genom att det tas tillbaka.'],
  'recipient-not-fit': ['BRY-3024', '204', 'AR', 422, 'business-rule', 'Mottagaren är inte av det slag som behovet kräver, eller finns inte i katalogen i dag.', 'Välj en kommun eller nämnd för socialtjänst och kommunal vård, en mottagning för regionens öppna vård.'],
  'already-decided': ['BRY-3025', '205', 'AR', 409, 'conflict', 'Beslutet är redan taget tillbaka.', 'Hämta ärendet på nytt.'],
  'person-in-text': ['BRY-3026', '102', 'AR', 422, 'security', 'Texten innehåller ett personnummer.', 'Skriv utan personnummer: ärendet har en egen beteckning.'],
  'case-changed': ['BRY-3027', '205', 'AR', 409, 'conflict', 'Ärendet har ändrats sedan du såg det, eller åtgärden går inte att göra i det läget.', 'Hämta ärendet på nytt och se vilka åtgärder det har.'],
  'not-protected': ['BRY-3031', '205', 'AR', 409, 'conflict', 'Personen i vårdtillfället har inget skydd att häva.', 'Hämta ärendet på nytt.'],
  'persons-not-two': ['BRY-3032', '204', 'AR', 422, 'business-rule', 'Vårdtillfällena gäller redan samma person, eller saknar identitet.', 'Ange två vårdtillfällen med var sin person.'],
  'stays-not-one': ['BRY-3033', '204', 'AR', 422, 'business-rule', 'Vårdtillfällena kan inte vara ett: de gäller två personer eller två vårdgivares avdelningar, är samma, eller är makulerade.', 'Sammanför personerna först om de är en, och ange två vårdtillfällen hos samma vårdgivare.'],
  // 4xxx: operating the hub.
  'not-ready': ['BRY-4001', '207', 'AE', 503, 'transient', 'Hubben är inte redo.', 'Vänta tills /health/ready svarar 200.'],
  'settle-timed-out': ['BRY-4002', '207', 'AE', 503, 'timeout', 'Allt som kvitterats hann inte verkställas i tid.', 'Se vilket steg som anges som plats och dess logg.'],
  'clock-not-driven': ['BRY-4003', '207', 'AR', 409, 'conflict', 'Klockan är systemets och kan inte ställas.', 'Starta med BRYGGAN_CLOCK=driven.'],
  'clock-backwards': ['BRY-4004', '207', 'AR', 409, 'conflict', 'Klockan kan inte gå bakåt.', 'Ange en tidpunkt som inte ligger före klockans nuvarande.'],
  'unknown-stage': ['BRY-4005', '207', 'AR', 400, 'value', 'Steget finns inte.', 'Ange ingress, translator, router, dispatcher, watcher eller portal.'],
  'topic-mismatch': ['BRY-4007', '207', 'AE', 503, 'processing', 'Ett ämne har fel antal partitioner.', 'Partitioner ändras aldrig: gör ett nytt ämne.'],
  'not-durable': ['BRY-4008', '207', 'AE', 503, 'processing', 'Kafka är inte säkert nog för produktion.', 'Minst 3 repliker, min.insync.replicas minst 2, unclean.leader.election.enable=false.'],
  'log-truncated': ['BRY-4009', '207', 'AE', 503, 'processing', 'Ämnet slutar före den lagrade positionen: det är avkortat eller nytt.', 'Återställ Kafka och PostgreSQL till samma tid.'],
  'position-gap': ['BRY-4010', '207', 'AE', 503, 'processing', 'Poster saknas mellan den lagrade positionen och loggen.', 'Poster har försvunnit innan de behandlades: återställ ämnet.'],
  'start-refused': ['BRY-4011', '207', 'AR', 409, 'conflict', 'Steget kan inte starta som det är inställt.', 'Se vilket steg som anges som plats: dess port är upptagen, eller en fil saknas. Rätta det och starta steget igen.'],
  // 9xxx: a fault of our own.
  internal: ['BRY-9001', '207', 'AE', 500, 'exception', 'Ett fel i hubben.', 'Sök på spårets id i loggen och anmäl felet.'],
  'translation-bug': ['BRY-9002', '207', 'AA', 422, 'exception', 'Översättningen gick fel: ett fel i hubben.', 'Anmäl felet; posten spelas upp igen när det är rättat.'],
} as const satisfies Readonly<Record<string, Row>>;

export type FaultName = keyof typeof ROWS;

const entry = ([code, hl7, ack, http, issue, text, remedy]: Row): ErrorEntry =>
  Object.freeze({ code, hl7, ack, http, issue, severity: http >= 500 ? 'fatal' : 'error', text, remedy });

/** Every error by its name. */
export const ERRORS: Readonly<Record<FaultName, ErrorEntry>> = Object.freeze(
  Object.fromEntries(Object.entries(ROWS).map(([name, row]) => [name, entry(row)])) as Record<FaultName, ErrorEntry>,
);

/** An expected failure as a value (style: bugs are exceptions). Holds nothing of what was sent. */
export interface Fault {
  readonly code: ErrorEntry['code'];
  readonly name: FaultName;
  /** Where it went wrong: `PID-3.1`, a FHIRPath, a parameter's name. Never a value. */
  readonly place?: string;
}

const NAMES_BY_CODE = new Map(
  (Object.entries(ERRORS) as [FaultName, ErrorEntry][]).map(([name, entry]) => [entry.code as string, name]),
);

/** A fault of the table, with the place where it was found (`PV1-19`, `$.parties[3]`); never a value of the message. */
export function fault(name: FaultName, place?: string): Fault {
  const { code } = ERRORS[name];
  return place === undefined ? { code, name } : { code, name, place };
}

/** The line of the table for a fault or a name. */
export function entryOf(of: Fault | FaultName): ErrorEntry {
  return ERRORS[typeof of === 'string' ? of : of.name];
}

/** Back from the code in a header or a record; undefined for a code that this build does not know. */
export function faultOfCode(code: string, place?: string): Fault | undefined {
  const name = NAMES_BY_CODE.get(code);
  return name === undefined ? undefined : fault(name, place);
}

/** True for a value made by `fault`: its name is in the table and its code belongs to the name. */
export function isFault(value: unknown): value is Fault {
  if (typeof value !== 'object' || value === null || !('code' in value) || !('name' in value)) return false;
  return typeof value.code === 'string' && NAMES_BY_CODE.get(value.code) === value.name;
}

/** Thrown by a handler for a record that is not what its topic promises. Its message is the place: an element, never content. */
export class UnreadableRecord extends Error {
  readonly fault: Fault;

  constructor(place: string, name: FaultName = 'undecodable-record') {
    super(place);
    this.fault = fault(name, place);
  }
}
