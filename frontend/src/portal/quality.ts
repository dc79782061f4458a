/** Says in plain words what a quality target means, while it is chosen. */

/** How many objects drawn at random must all be right to show the error rate; as on the server. */
export function cleanSampleSize(maxErrorRate: number, confidence: number): number {
  return Math.ceil(Math.log(1 - confidence) / Math.log(1 - maxErrorRate));
}

/** The target as a sentence or two. */
export function qualityWords(maxErrorRate: number, confidence: number): string {
  const per1000 = Math.round(maxErrorRate * 1000);
  const sample = cleanSampleSize(maxErrorRate, confidence);
  return (
    `Of 1000 delivered objects at most ${per1000} are wrong. To be ${Math.round(confidence * 100)} % sure, ` +
    `at least ${sample} objects are drawn at random and checked; more if some of them are wrong.`
  );
}

function chosen(form: HTMLElement, name: string): number {
  const input = form.querySelector<HTMLInputElement>(`input[name="${name}"]:checked`);
  return Number(input?.value ?? Number.NaN);
}

function tell(form: HTMLElement): void {
  const rate = chosen(form, "max_error_rate");
  const confidence = chosen(form, "confidence");
  const place = form.querySelector("[data-quality-words]");
  if (place !== null && Number.isFinite(rate) && Number.isFinite(confidence)) {
    place.textContent = qualityWords(rate, confidence);
  }
}

/** Wire the quality step of an order. */
export function explainQuality(): void {
  for (const form of document.querySelectorAll<HTMLElement>("[data-quality]")) {
    form.addEventListener("change", () => tell(form));
    tell(form);
  }
}
