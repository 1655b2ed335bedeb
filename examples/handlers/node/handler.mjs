// A handler of Holdfast in JavaScript, without packages.
// Usage: node handler.mjs NAME PROCESS...   (HOLDFAST_URL and HOLDFAST_TOKEN say where)
const url = process.env.HOLDFAST_URL ?? "http://127.0.0.1:8580";
const token = process.env.HOLDFAST_TOKEN;

function post(path, body) {
    return fetch(url + path, {
        method: "POST",
        headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json" },
        body: JSON.stringify(body),
    });
}

/** The events of these names, as they come. */
async function* events(names) {
    const response = await post("/v1/subscribe", { eventNames: names });
    if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
    let rest = "";
    for await (const piece of response.body.pipeThrough(new TextDecoderStream())) {
        const lines = (rest + piece).split("\n");
        rest = lines.pop();
        for (const line of lines) if (line.trim()) yield JSON.parse(line);
    }
}

const reply = (event, more) => post("/v1/publish", { name: event.replyTo, previousIds: [event.id], ...more });

/** An event may come twice: handle it by its resource. */
async function handle(event) {
    console.log("hello", event.data.resource.name);
    return { description: "greeted by JavaScript" };
}

const [name, ...processes] = process.argv.slice(2);
for (;;) {
    try {
        for await (const event of events(processes.map((one) => `${one};handler=${name}`))) {
            if (!event.replyTo) continue; // a ping
            try {
                await reply(event, { data: await handle(event) });
            } catch (problem) {
                await reply(event, { transitioning: "error", transitioningMessage: String(problem) });
            }
        }
    } catch (problem) {
        console.error("not connected:", String(problem));
    }
    await new Promise((done) => setTimeout(done, 1000));
}
