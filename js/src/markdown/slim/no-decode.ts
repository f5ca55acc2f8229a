// Stands in for what makes words of an address, in the bundle: it is shown as it was written.

export default function decode(address: string): string {
  return address;
}
