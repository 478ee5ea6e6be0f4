/** A person of the tax agency's test series: born 1890-1899, serial number 980 or 981; none of them is anybody's. */
export interface TestPerson {
  readonly number: string;
  readonly born: string;
}

/** Person `n` of the series; it begins again after some 7 000. */
export function testPerson(n: number): TestPerson {
  const day = new Date(Date.UTC(1890, 0, 1 + (n % DAYS)));
  const born = day.toISOString().slice(0, 10).replaceAll('-', '');
  const serial = Math.floor(n / DAYS) % 2 === 0 ? '980' : '981';
  return { born, number: `${born}${serial}${checkDigit(`${born.slice(2)}${serial}`)}` };
}

const DAYS = 3652;

/** Luhn over the nine digits before it. */
function checkDigit(digits: string): number {
  let sum = 0;
  for (let at = 0; at < digits.length; at++) {
    const product = Number(digits[at]) * (at % 2 === 0 ? 2 : 1);
    sum += product > 9 ? product - 9 : product;
  }
  return (10 - (sum % 10)) % 10;
}
