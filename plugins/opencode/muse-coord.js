// Tells git muse-coord what opencode's agents edit, and them what it answers.
// It does nothing where the program is missing, and whatever goes wrong in it stops no edit.
import { spawn } from "node:child_process"
import { readFile } from "node:fs/promises"
import { isAbsolute, join } from "node:path"

const MILLISECONDS = 10_000

/** The answer to an event in the plain form, which docs/reference/agents.md describes; null for silence. */
function ask(event, cwd) {
  return new Promise((resolve) => {
    const program = spawn("git-muse-coord", ["hook", "agent"], {
      cwd,
      stdio: ["pipe", "pipe", "ignore"],
      timeout: MILLISECONDS,
    })
    let said = ""
    program.stdout.on("data", (piece) => (said += piece))
    program.on("error", () => resolve(null))
    program.on("close", () => {
      try {
        resolve(JSON.parse(said))
      } catch {
        resolve(null)
      }
    })
    program.stdin.on("error", () => {})
    program.stdin.end(JSON.stringify(event))
  })
}

/** The texts of a file before and after an edit; null where that cannot be told. */
async function edit(tool, args, cwd) {
  const named = args?.filePath ?? args?.path
  if (typeof named !== "string") return null
  const path = isAbsolute(named) ? named : join(cwd, named)
  const before = await readFile(path, "utf8").catch(() => null)
  if (tool === "write") return { path, before, after: args.content }
  const { oldString, newString, replaceAll } = args
  if (tool !== "edit" || typeof oldString !== "string" || typeof newString !== "string") return null
  if (oldString === "") return { path, before, after: newString }
  if (before === null || !before.includes(oldString)) return null
  const after = replaceAll
    ? before.split(oldString).join(newString)
    : before.replace(oldString, () => newString)
  return { path, before, after }
}

export const MuseCoord = async ({ directory }) => {
  const cwd = directory ?? process.cwd()
  const briefings = new Map() // what a session is to be told, with the result of its next tool
  const edits = new Map()
  const event = (name, session, rest) => ({ program: "opencode", event: name, session, cwd, ...rest })
  return {
    event: async ({ event: told }) => {
      const session = told?.properties?.info?.id ?? told?.properties?.sessionID
      const name = { "session.created": "session-start", "session.deleted": "session-end" }[told?.type]
      if (!name || !session) return
      const answer = await ask(event(name, session), cwd)
      if (name === "session-start" && answer?.text) briefings.set(session, answer.text)
    },
    "tool.execute.before": async ({ tool, sessionID, callID }, { args }) => {
      if (tool === "bash") {
        await ask(event("before-shell", sessionID, { tool_use: callID }), cwd)
        return
      }
      const change = await edit(tool, args, cwd).catch(() => null)
      if (change === null) return
      const answer = await ask(event("before-edit", sessionID, { tool_use: callID, ...change }), cwd)
      if (answer?.decision === "deny") throw new Error(answer.text)
      edits.set(callID, { change, text: answer?.text ?? "" })
    },
    "tool.execute.after": async ({ tool, sessionID, callID }, output) => {
      const known = edits.get(callID)
      edits.delete(callID)
      const name = tool === "bash" ? "after-shell" : known && "after-edit"
      const answer = name && (await ask(event(name, sessionID, { tool_use: callID, ...known?.change }), cwd))
      // Before an edit opencode takes no words, so they come with its result.
      const said = [briefings.get(sessionID), known?.text, answer?.text].filter(Boolean)
      briefings.delete(sessionID)
      if (said.length) output.output = [output.output ?? "", ...said].join("\n\n")
    },
  }
}
