// The page that Chatwoot has in a frame. The key of the installation stands behind the # of its address, which is sent
// to no server; the app gives tokens to who knows it.
const shown = document.querySelector("motivo-customer");
const { crm } = document.body.dataset;
const key = location.hash.slice(1);

shown.refresh = async () => {
  const headers = { authorization: `Bearer ${key}` };
  const answer = await fetch("/app/message/token", { method: "POST", headers, body: shown.getAttribute("customer") });
  return answer.ok ? answer.text() : "";
};

addEventListener("message", ({ source, origin, data }) => {
  if (source !== parent || origin !== crm || typeof data !== "string") return;
  let told;
  try {
    told = JSON.parse(data);
  } catch {
    return;
  }
  const customer = told.event === "appContext" && told.data?.contact?.identifier;
  if (!customer || customer === shown.getAttribute("customer")) return;
  shown.token = "";
  shown.setAttribute("customer", customer);
});
parent.postMessage("chatwoot-dashboard-app:fetch-info", crm);
