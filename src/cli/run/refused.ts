/** Something was wrong before anything moved; the message is for the user. */
export class Refused extends Error {
  override readonly name = "Refused";
}
