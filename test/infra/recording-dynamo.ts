import {
  type AttributeValue,
  ConditionalCheckFailedException,
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
  type UpdateItemCommandInput,
} from '@aws-sdk/client-dynamodb';

type Item = Record<string, AttributeValue>;

/** One permission that was needed: an action, on a table, of a partition. A transaction needs those of the writes in it. */
export type Use = { readonly table: string; readonly action: string; readonly partition: string };

/**
 * Enough of DynamoDB for the functions to run their ways, written to note what they ask for rather than to be right:
 * conditions hold unless told otherwise, and nothing is ever full.
 */
export class RecordingDynamo {
  readonly items = new Map<string, Item>();
  #uses: Use[] = [];
  #refuseNext = false;

  /** As the stores see it: they call nothing but `send`. */
  readonly client = { send: async (command: unknown) => this.#answer(command) } as unknown as DynamoDBClient;

  /** What has been asked for since the last time. */
  drain(): Use[] {
    const uses = this.#uses;
    this.#uses = [];
    return uses;
  }

  /** Somebody else was there first: the next update that asks for what it has read is refused. */
  refuseNext(): void {
    this.#refuseNext = true;
  }

  #answer(command: unknown): object {
    if (command instanceof GetItemCommand)
      return { Item: this.items.get(this.#use('GetItem', command.input.TableName, command.input.Key)) };
    if (command instanceof PutItemCommand) return this.#put(command.input.TableName, command.input.Item);
    if (command instanceof DeleteItemCommand) {
      this.items.delete(this.#use('DeleteItem', command.input.TableName, command.input.Key));
      return {};
    }
    if (command instanceof UpdateItemCommand) return { Attributes: this.#update(command.input) };
    if (command instanceof QueryCommand) {
      const partition = command.input.ExpressionAttributeValues?.[':pk']?.S ?? '';
      this.#use('Query', command.input.TableName, { pk: { S: partition } });
      const under = `${command.input.TableName} ${partition} `;
      const Items = [...this.items].flatMap(([key, item]) => (key.startsWith(under) ? [item] : []));
      return { Items: command.input.ScanIndexForward === false ? Items.reverse() : Items };
    }
    if (command instanceof TransactWriteItemsCommand) {
      for (const { Put, Update } of command.input.TransactItems ?? []) {
        if (Put) this.#put(Put.TableName, Put.Item);
        else if (Update) this.#update(Update);
        else throw new Error('this transaction has a kind of write that has no permission here');
      }
      return {};
    }
    throw new Error(`no answer was written for ${command?.constructor.name}`);
  }

  #put(table: string | undefined, item: Item | undefined): object {
    this.items.set(this.#use('PutItem', table, item), item ?? {});
    return {};
  }

  #update({ TableName, Key, UpdateExpression = '', ...placeholders }: UpdateItemCommandInput): Item | undefined {
    const id = this.#use('UpdateItem', TableName, Key);
    if (this.#refuseNext && / = :/.test(placeholders.ConditionExpression ?? '')) {
      this.#refuseNext = false;
      throw new ConditionalCheckFailedException({ message: 'somebody else was there first', $metadata: {} });
    }
    const old = this.items.get(id);
    const item = { ...Key, ...old };
    const assignments = UpdateExpression.matchAll(/(#\w+)(?: =)? (?:(if_not_exists)\(#\w+, )?(:\w+)/g);
    for (const [, name = '', once, value = ''] of assignments) {
      const attribute = placeholders.ExpressionAttributeNames?.[name] ?? name;
      const given = placeholders.ExpressionAttributeValues?.[value];
      if (given && !(once && item[attribute])) item[attribute] = given;
    }
    this.items.set(id, item);
    return old;
  }

  #use(action: string, table = '', key: Item = {}): string {
    const partition = key.pk?.S ?? '';
    this.#uses.push({ table, action, partition });
    return `${table} ${partition} ${key.sk?.S ?? ''}`;
  }
}
