// Asking the server from a script, as this page.
export function token(): Record<string, string> {
  const said = document.body.getAttribute("hx-headers:inherited");
  return { ...(said ? JSON.parse(said) : {}), "hx-request": "true" };
}

/// Sends a form; nothing where the session ended, and the page goes where one signs in.
export async function sent(url: string, fields: Record<string, string>): Promise<Response | null> {
  const response = await fetch(url, { method: "POST", headers: token(), body: new URLSearchParams(fields) });
  const elsewhere = response.headers.get("hx-redirect");
  if (elsewhere) {
    location.assign(elsewhere);
    return null;
  }
  if (response.status >= 500) throw new Error(String(response.status));
  return response;
}
