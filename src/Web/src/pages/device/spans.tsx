/** Buttons of which one is pressed: how far back a panel goes. */
export function Spans<T extends string | number>(props: {
  legend: string;
  spans: readonly (readonly [value: T, name: string, ...rest: string[]])[];
  value: T;
  onChoose: (value: T) => void;
}) {
  return (
    <fieldset className="switch">
      <legend className="hidden">{props.legend}</legend>
      {props.spans.map(([value, name]) => (
        <button key={value} type="button" aria-pressed={value === props.value} onClick={() => props.onChoose(value)}>
          {name}
        </button>
      ))}
    </fieldset>
  );
}
