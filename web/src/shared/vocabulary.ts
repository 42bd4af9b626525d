import { ask } from "./ask";
import { session, sessionState } from "./session";
import { VocabularyDocument, type VocabularyQuery } from "./vocabulary.generated";
import { language } from "./words";

export type Vocabulary = VocabularyQuery["vocabulary"];
export type Kind = Vocabulary["kinds"][number];

let kept = new Map<string, Promise<Vocabulary>>();

/** The kinds and relationships there are, with their names in the present language; asked for once. */
export function vocabulary(): Promise<Vocabulary> {
  const spoken = language();
  const found = kept.get(spoken) ?? ask(VocabularyDocument, {}, { tab: "" }).then((answer) => answer.vocabulary);
  kept.set(spoken, found);
  found.catch(() => kept.delete(spoken));
  return found;
}

session.addEventListener("change", () => {
  // Somebody else may see other properties.
  if (sessionState() === "in") kept = new Map();
});
