/** A number that can be typed, or stepped with the arrow keys; Escape takes the typing back. */

import { useEffect, useRef, useState } from "preact/hooks";

interface Props {
  readonly label: string;
  readonly unit: string;
  readonly value: number | null;
  readonly digits?: number;
  readonly step?: number;
  readonly least?: number;
  readonly disabled?: boolean;
  readonly warns?: boolean;
  readonly onValue: (value: number) => void;
}

const DIRECTIONS: Readonly<Record<string, 1 | -1>> = { ArrowUp: 1, ArrowDown: -1 };

export function NumberField(props: Props) {
  const { label, unit, value, digits = 2, step = 0.01, least, disabled, warns, onValue } = props;
  const shown = value === null ? "" : value.toFixed(digits);
  const [text, setText] = useState(shown);
  const typing = useRef(false);
  useEffect(() => {
    if (!typing.current) setText(shown);
  }, [shown]);
  const commit = () => {
    typing.current = false;
    const parsed = Number(text.replace(",", "."));
    const usable =
      text.trim() !== "" && Number.isFinite(parsed) && (least === undefined || parsed >= least);
    if (usable && parsed.toFixed(digits) !== shown) onValue(parsed);
    else setText(shown);
  };
  const giveUp = () => {
    typing.current = false;
    setText(shown);
  };
  const stepBy = (amount: number) => {
    if (value !== null) onValue(Math.max(value + amount, least ?? value + amount));
  };
  const press = (event: KeyboardEvent) => {
    const direction = DIRECTIONS[event.key] ?? 0;
    if (event.key === "Enter") commit();
    else if (event.key === "Escape") giveUp();
    if (direction === 0) return;
    event.preventDefault();
    stepBy(direction * step * (event.shiftKey ? 10 : 1));
  };
  return (
    <label class={`number-field${warns ? " warns" : ""}`}>
      <span>{label}</span>
      <input
        type="text"
        inputMode="decimal"
        value={text}
        disabled={disabled}
        onFocus={(event) => event.currentTarget.select()}
        onInput={(event) => {
          typing.current = true;
          setText(event.currentTarget.value);
        }}
        onBlur={commit}
        onKeyDown={press}
      />
      {unit && <i>{unit}</i>}
    </label>
  );
}
