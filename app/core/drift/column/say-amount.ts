/** "52,340", "0.0413", "1.2e+9": four digits that matter, thousands apart. */
export function sayAmount(value: number): string {
  if (!Number.isFinite(value)) return "—";
  const size = Math.abs(value);
  if (size !== 0 && (size >= 1e9 || size < 1e-4)) return value.toExponential(2).replace("e-", "e−").replace(/^-/, "−");
  const decimals = size === 0 ? 0 : Math.max(0, Math.min(7, 3 - Math.floor(Math.log10(size))));
  const [whole = "0", fraction = ""] = size.toFixed(decimals).split(".");
  const rest = fraction.replace(/0+$/, "");
  return `${value < 0 ? "−" : ""}${whole.replace(/\B(?=(?:\d{3})+$)/g, ",")}${rest === "" ? "" : `.${rest}`}`;
}

/** "+4.1 %", "−0.3": with its sign. */
export function saySigned(value: number, say: (size: number) => string = sayAmount): string {
  return `${value < 0 ? "−" : "+"}${say(Math.abs(value))}`;
}

/** "4.1 %": a share. */
export function sayShare(share: number): string {
  const percent = share * 100;
  const decimals = percent >= 0.005 && percent < 1 ? 2 : 1;
  return `${percent.toFixed(decimals)} %`;
}
