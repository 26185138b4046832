import type { AttributeValue } from '@aws-sdk/client-dynamodb';

/**
 * Collects the clauses of one update expression and hands out placeholders for names and values, so that
 * no reserved word and no user's text ever stands in an expression.
 */
export class Update {
  readonly #names = new Map<string, string>();
  readonly #values: Record<string, AttributeValue> = {};
  readonly #clauses = { SET: [] as string[], ADD: [] as string[] };
  readonly #conditions: string[] = [];

  name(attribute: string): string {
    const known = this.#names.get(attribute) ?? `#${this.#names.size}`;
    this.#names.set(attribute, known);
    return known;
  }

  value(value: AttributeValue): string {
    const placeholder = `:${Object.keys(this.#values).length}`;
    this.#values[placeholder] = value;
    return placeholder;
  }

  set(attribute: string, value: AttributeValue): this {
    this.#clauses.SET.push(`${this.name(attribute)} = ${this.value(value)}`);
    return this;
  }

  setOnce(attribute: string, value: AttributeValue): this {
    const name = this.name(attribute);
    this.#clauses.SET.push(`${name} = if_not_exists(${name}, ${this.value(value)})`);
    return this;
  }

  add(attribute: string, value: AttributeValue): this {
    this.#clauses.ADD.push(`${this.name(attribute)} ${this.value(value)}`);
    return this;
  }

  onlyIf(condition: string): this {
    this.#conditions.push(condition);
    return this;
  }

  /** Only if the attribute still stands as it was read; `undefined` means that it was absent. */
  onlyIfStill(attribute: string, value: AttributeValue | undefined): this {
    const name = this.name(attribute);
    return this.onlyIf(value === undefined ? `attribute_not_exists(${name})` : `${name} = ${this.value(value)}`);
  }

  input() {
    const clauses = Object.entries(this.#clauses).filter(([, parts]) => parts.length > 0);
    return {
      UpdateExpression: clauses.map(([verb, parts]) => `${verb} ${parts.join(', ')}`).join(' '),
      ExpressionAttributeNames: Object.fromEntries([...this.#names].map(([attribute, name]) => [name, attribute])),
      ...(Object.keys(this.#values).length > 0 && { ExpressionAttributeValues: this.#values }),
      ...(this.#conditions.length > 0 && { ConditionExpression: this.#conditions.join(' AND ') }),
    };
  }
}
