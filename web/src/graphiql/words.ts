export interface Words {
  token: string;
  hint: string;
}

const words: Record<string, Words> = {
  en: { token: "Token or key", hint: "sent as Authorization: Bearer; forgotten when the page is closed" },
  es: { token: "Token o clave", hint: "se envía como Authorization: Bearer; se olvida al cerrar la página" },
  pt: { token: "Token ou chave", hint: "enviado como Authorization: Bearer; esquecido ao fechar a página" },
};

/** The words of the first language that the reader understands. */
export function speak(): Words & { language: string } {
  const language = navigator.languages.map((name) => name.slice(0, 2)).find((name) => name in words) ?? "en";
  return { language, ...(words[language] as Words) };
}
