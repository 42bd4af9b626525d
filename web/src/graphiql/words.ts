import type { Words } from "../shared/words";

export const words: Words<"token" | "hint"> = {
  en: { token: "Token or key", hint: "sent as Authorization: Bearer; forgotten when the page is closed" },
  es: { token: "Token o clave", hint: "se envía como Authorization: Bearer; se olvida al cerrar la página" },
  pt: { token: "Token ou chave", hint: "enviado como Authorization: Bearer; esquecido ao fechar a página" },
};
