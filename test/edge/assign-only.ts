import { assign } from '../../shared/assignment/assign.ts';
import type { Attributes, PackedExperiment } from '../../shared/experiment/packed.ts';

type Question = {
  readonly packed: PackedExperiment;
  readonly visitor: string;
  readonly attributes: Attributes;
  readonly at: number;
};

/** The assignment alone, to be bundled as the edge function is: the redirect itself only ever meets ids of one alphabet. */
export async function handler(questions: readonly Question[]): Promise<string[]> {
  const answers: string[] = [];
  for (let i = 0; i < questions.length; i++) {
    const question = questions[i] as Question;
    const decision = assign(question.packed, question.visitor, question.attributes, question.at);
    answers.push(`${decision.variant} ${decision.reason}`);
  }
  return answers;
}
