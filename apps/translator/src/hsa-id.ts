const HSA_ID = /^SE\d{10}-[A-Za-z0-9]{1,18}$/;

/** True for the form of an HSA-id (SE-6): `SE`, ten digits, hyphen, letters or digits, 31 characters at most. */
export function isHsaId(text: string | undefined): text is string {
  return text !== undefined && HSA_ID.test(text);
}
