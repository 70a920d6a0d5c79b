#compdef git-muse-coord
# zsh completion for git muse-coord and git-muse-coord. Written by scripts/generate from the definitions of the commands.

# ask the program what fits: of which kinds; what follows is offered as well
_git_muse_coord_offers() {
  local kinds=$1 word about typed=${(Q)PREFIX}
  local -a offered shown
  shift
  (( $# )) && compadd -- $@
  if [[ $kinds == addresses && $typed != *::* ]]; then
    (( $# )) || _files
    return
  fi
  while IFS=$'\t' read -r word about; do
    offered+=("$word") shown+=("$word  ($about)")
  done < <(command git-muse-coord --complete $kinds "$typed" $there 2>/dev/null)
  (( $#offered )) && compadd -l -d shown -a offered
}
local curcontext=$curcontext state
local -a line common verbs there
typeset -A opt_args
common=(
  '*-C+[Run as if started in PATH]:PATH:_files -/'
  '--json[Answer in JSON, on one line]'
  '--fields=[JSON with only these fields]:A,B: '
  '--limit=[JSON with at most N rows a list]:N: '
  '--compact[JSON without what says nothing]'
  '--color=[When to colour]:color:(auto always never)'
  '--quiet[Print nothing but the id of what was made]'
  '--verbose[Say more when something fails]'
  '--version[Print the version]'
  '--help[Show this message and exit]'
)
verbs=(
  'reserve:Say which files or symbols you are about to touch'
  'release:Let go of reservations: all that are named, or none'
  'take:Take over what an agent holds that is dead'
  'heartbeat:Keep reservations alive: all that are named, or none'
  'list:Show the active reservations, oldest first'
  'show:Show a record of any kind, its state and what refers to it'
  'status:Show what you hold, who overlaps it, and who waits for you'
  'who:Tell who holds a file or a symbol, who waits for it, who held it last, and how to get it'
  'watch:Show what happens to reservations, as it happens'
  'whoami:Show who you are to others, where that comes from, and who shares it'
  'prime:Tell an agent without hooks what it should know: who it is, what others hold, how to work here'
  'dag:Show who waits for whom'
  'intent:Say what you mean to do to files or symbols, so that forecast can tell who collides with it'
  'tell:Tell another run something: it hears it at its next step, or reads it with inbox'
  'inbox:Read what other runs have told you: each message is unread once'
  'log:Show what happened, newest first: reserved, extended, met, overridden, released, landed'
  'forecast:Predict which pieces of announced work will collide'
  'radar:Show where branches and worktrees meet in what they hold now'
  'symbols:Show what can be addressed in the files, or in all tracked ones'
  'check:Tell which reservations of others your changes meet'
  'plan-merge:Say what a merge would ask for, without making it'
  'reconcile:Say in which order to merge what is under way, and how'
  'shard:Divide the source files into zones of work for several agents'
  'sync:Exchange records with a remote'
  'gc:Move what is finished or expired to the archive'
  'fsck:Check every record, and name each that is damaged or foreign'
  'install:Install hooks of git or of agents'\'' programs in this repository, or completion and man page for you'
  'uninstall:Undo all that install did in this repository, or with options what they name, byte for byte'
  'doctor:Look whether everything works: versions, hooks, records, caches, the remote'
  'pause:Silence all hooks of this clone: those of git, and those of agents'\'' programs'
  'hook:Do what a hook of git or of an agent'\''s program asks for; what is installed calls it'
  'mcp:Serve agents by the Model Context Protocol, over stdin and stdout'
  'schema:Print what the answers of a verb hold in JSON, as a JSON Schema'
  'demo:Watch two runs meet, in a temporary repository'
)
_arguments -C -A '-*' $common '1: :->verb' '*:: :->rest' && return
there=(${(Q)opt_args[-C]})
case $state in
verb) _describe -t verbs 'git muse-coord verb' verbs ;;
rest)
  case $words[1] in
  reserve) _arguments $common \
    '--run-id=[Who runs\: an agent, pipeline or person]:NAME: _git_muse_coord_offers runs' \
    '--ttl=[Life of the reservation, 1 to 31536000 (3600)]:SECONDS: ' \
    '*--op=[What you are about to do, to all or to ADDR\: rename, move, modify, extract, delete]:OP[=ADDR: _git_muse_coord_offers addresses rename move modify extract delete' \
    '*--depends-on=[Wait for this one]:ID: _git_muse_coord_offers ids' \
    '--reason=[Why, for those who meet it]:TEXT: ' \
    '--strict[Exit 2 and leave nothing if another holder is there]' \
    '--wait=[Wait in line until nobody is in the way, then reserve; --strict is implied]::=SECONDS: ' \
    '--stdin[Read more addresses from stdin, one a line]' \
    '--from-diff=[Add what symbols --changed lists, formatting left out]::RANGE: ' \
    '--worktree[With --from-diff\: of the working tree, not the index]' \
    '--new[A second one, too, where you hold just this already]' \
    '--local[Do not ask the remote]' \
    '--dry-run[Only tell what would happen]' \
    '--all-findings[List every conflict, one a line]' \
    '*:argument: _git_muse_coord_offers addresses' ;;
  release) _arguments $common \
    '--all[Every active reservation of this run]' \
    '--run-id=[Who runs\: an agent, pipeline or person]:NAME: _git_muse_coord_offers runs' \
    '--force[Also what another run holds]' \
    '--outcome=[How the work ended]:outcome:(done abandoned)' \
    '--local[Do not sync afterwards, whatever muse-coord.autoSync says]' \
    '*:argument: _git_muse_coord_offers ids,addresses' ;;
  take) _arguments $common \
    '--reason=[Why, for the old holder and all who meet it]:TEXT: ' \
    '--run-id=[Who runs\: an agent, pipeline or person]:NAME: _git_muse_coord_offers runs' \
    '--ttl=[Life of the new reservation, 1 to 31536000 (3600)]:SECONDS: ' \
    '--local[Do not sync afterwards, whatever muse-coord.autoSync says]' \
    '--all-findings[List every conflict, one a line]' \
    '*:argument: _git_muse_coord_offers ids' ;;
  heartbeat) _arguments $common \
    '--all[Every active reservation of this run]' \
    '--run-id=[Who runs\: an agent, pipeline or person]:NAME: _git_muse_coord_offers runs' \
    '--extension=[Life from now on (muse-coord.ttl, 3600)]:SECONDS: ' \
    '--local[Do not sync afterwards, whatever muse-coord.autoSync says]' \
    '*:argument: _git_muse_coord_offers ids' ;;
  list) _arguments $common \
    '--all[Released and expired ones too]' \
    '--run-id=[Only of this run]:NAME: _git_muse_coord_offers runs' \
    '--mine[Only of the run that you are]' \
    '--branch=[Only of this branch]:NAME: _git_muse_coord_offers branches' \
    '*--address=[Only what overlaps this]:ADDR: _git_muse_coord_offers addresses' \
    '--conflicts[Only what another holder'\''s reservation overlaps]' \
    '*:file:_files' ;;
  show) _arguments $common \
    '*:argument: _git_muse_coord_offers ids' ;;
  status) _arguments $common \
    '--run-id=[Who runs\: an agent, pipeline or person]:NAME: _git_muse_coord_offers runs' \
    '*:file:_files' ;;
  who) _arguments $common \
    '--run-id=[Who asks\: what that run holds itself is in nobody'\''s way]:NAME: _git_muse_coord_offers runs' \
    '*:argument: _git_muse_coord_offers addresses' ;;
  watch) _arguments $common \
    '--for=[Only what concerns this run]:RUN: _git_muse_coord_offers runs' \
    '*--address=[Only what overlaps this]:ADDR: _git_muse_coord_offers addresses' \
    '--exec=[Run a command of the shell for each event, with its JSON on stdin]:CMD: ' \
    '--lines[On a terminal, too, a line an event]' \
    '*:file:_files' ;;
  whoami) _arguments $common \
    '--run-id=[Who runs\: an agent, pipeline or person]:NAME: _git_muse_coord_offers runs' \
    '*:file:_files' ;;
  prime) _arguments $common \
    '--run-id=[Who runs\: an agent, pipeline or person]:NAME: _git_muse_coord_offers runs' \
    '*:file:_files' ;;
  dag) _arguments $common \
    '--ready[Only what waits for nothing]' \
    '--for=[Only what this waits for and what waits for it]:ID: _git_muse_coord_offers ids' \
    '--format=[How to print]:format:(text json dot mermaid)' \
    '*:file:_files' ;;
  intent) _arguments $common \
    '--op=[What you mean to do]:op:(rename move modify extract delete inline split merge)' \
    '--detail=[How, for those who meet it]:TEXT: ' \
    '--reservation-id=[The reservation that this belongs to\: its run and its end]:ID: _git_muse_coord_offers ids' \
    '--run-id=[Who runs\: an agent, pipeline or person]:NAME: _git_muse_coord_offers runs' \
    '--ttl=[Life of an intent that stands alone, 1 to 31536000 (3600)]:SECONDS: ' \
    '--local[Do not sync afterwards, whatever muse-coord.autoSync says]' \
    '*:argument: _git_muse_coord_offers addresses' ;;
  tell) _arguments $common \
    '--re=[The message that this answers]:ID: ' \
    '--ttl=[How long it waits to be read, 1 to 31536000 (86400)]:SECONDS: ' \
    '--run-id=[Who runs\: an agent, pipeline or person]:NAME: _git_muse_coord_offers runs' \
    '--local[Do not sync afterwards, whatever muse-coord.autoSync says]' \
    '*:argument: _git_muse_coord_offers runs,ids' ;;
  inbox) _arguments $common \
    '--all[Also what was read already, and what you have told others]' \
    '--run-id=[Who runs\: an agent, pipeline or person]:NAME: _git_muse_coord_offers runs' \
    '--local[Do not sync afterwards, whatever muse-coord.autoSync says]' \
    '*:file:_files' ;;
  log) _arguments $common \
    '-L+[Follow a symbol through its renames]:ADDR: _git_muse_coord_offers addresses' \
    '*--address=[Only what overlaps this]:ADDR: _git_muse_coord_offers addresses' \
    '--run-id=[Only what this run did, or what was done to its own]:NAME: _git_muse_coord_offers runs' \
    '--branch=[Only reservations of this branch]:NAME: _git_muse_coord_offers branches' \
    '--since=[Only since then, as git takes times]:TIME: ' \
    '-n+[At most so many events; 0 shows all]:N: ' \
    '--oneline[One line an event]' \
    '*:file:_files' ;;
  forecast) _arguments $common \
    '--branch=[Only what involves this branch]:NAME: _git_muse_coord_offers branches' \
    '--run-id=[Only what involves this run]:NAME: _git_muse_coord_offers runs' \
    '--min-confidence=[Only what is at least so likely, 0 to 1; 0.16 where nothing is said]:P: ' \
    '--radar[Show where branches and worktrees meet now, too]' \
    '--explain[Say what each number rests on]' \
    '--strict[Exit 2 if a conflict is as likely as --min-confidence says; 0.7 where nothing is said]' \
    '*:file:_files' ;;
  radar) _arguments $common \
    '--min-confidence=[Only pairs that are at least so likely to conflict, 0 to 1]:P: ' \
    '--strict[Exit 2 if two of them conflict as they are now]' \
    '*:file:_files' ;;
  symbols) _arguments $common \
    '--changed=[What differs, and how\: in the index from HEAD, or in A..B, A...B, A (for A...HEAD), A^! (one commit)]::RANGE: ' \
    '*:argument: _git_muse_coord_offers addresses' ;;
  check) _arguments $common \
    '--run-id=[Whose own reservations do not count]:NAME: _git_muse_coord_offers runs' \
    '--worktree[Check the files of the working tree instead of the index]' \
    '--range=[Check what commits change; A is short for A...HEAD, A^! one commit]:A..B: ' \
    '--strict[Exit 2 if there is a conflict]' \
    '--all-findings[List every conflict, one a line]' \
    '--format=[How to print]:format:(text json sarif github gitlab)' \
    '*:file:_files' ;;
  plan-merge) _arguments $common \
    '--base=[Compare with this commit instead of the merge base]:REVISION: _git_muse_coord_offers branches' \
    '--strict[Exit 2 if there is a conflict]' \
    '*:argument: _git_muse_coord_offers branches' ;;
  reconcile) _arguments $common \
    '--onto=[Where all go; the remote'\''s default branch, else main or master]:BRANCH: _git_muse_coord_offers branches' \
    '*--branch=[A branch besides those of reservations and intents]:BRANCH: _git_muse_coord_offers branches' \
    '*:file:_files' ;;
  shard) _arguments $common \
    '--agents=[How many shards]:N: ' \
    '--only=[Only the files of shard N, one a line, quoted for the shell]:N: ' \
    '*--language=[Only files in this language; without, all code]:NAME: ' \
    '--commit=[The files of a commit instead of the tracked ones]:REVISION: _git_muse_coord_offers branches' \
    '*--path=[Only files here\: a directory/ or a file]:ADDR: _git_muse_coord_offers addresses' \
    '*:file:_files' ;;
  sync) _arguments $common \
    '--fetch-only[Push nothing]' \
    '--push-only[Fetch nothing]' \
    '--run-id=[Whose conflicts to tell\: yours]:NAME: _git_muse_coord_offers runs' \
    '--all-findings[List every conflict, one a line]' \
    '--gc[Also delete there what nobody needs any more]' \
    '--timeout=[How long the remote may say nothing; 60]:SECONDS: ' \
    '*:file:_files' ;;
  gc) _arguments $common \
    '--execute[Do it; without, only tell]' \
    '--remote[Clear the remote, too]' \
    '--timeout=[How long the remote may say nothing; 60]:SECONDS: ' \
    '--unknown[Delete, instead, what only a newer version understands]' \
    '*:file:_files' ;;
  fsck) _arguments $common \
    '--repair[Mend what breaks git itself]' \
    '*:file:_files' ;;
  install) _arguments $common \
    '--hooks[The git hooks, beside those that are there]' \
    '*--agent=[The hooks of agents'\'' programs\: claude, codex, gemini, copilot, cursor, opencode, or all]:NAME:(claude codex gemini copilot cursor opencode all)' \
    '*--mcp=[The MCP server, for agents'\'' programs to start\: claude, codex, gemini, cursor, or all; without a name, those of --agent]::NAME:(claude codex gemini cursor all agents)' \
    '--user[Hooks and server for all your repositories, not this one]' \
    '--agents-md[A few lines in AGENTS.md, for agents without hooks]' \
    '--completion=[Completion for bash, zsh or fish; without a name, for the shell that you use]::SHELL:(bash zsh fish auto)' \
    '--man[The man page, if man does not find it already]' \
    '--sync=[Sync in the background with a remote, at its present address]::REMOTE: ' \
    '--print[Only show what would be done]' \
    '*:file:_files' ;;
  uninstall) _arguments $common \
    '--hooks[The git hooks]' \
    '*--agent=[The hooks of agents'\'' programs\: claude, codex, gemini, copilot, cursor, opencode, or all]:NAME:(claude codex gemini copilot cursor opencode all)' \
    '*--mcp=[The MCP server, for agents'\'' programs to start\: claude, codex, gemini, cursor, or all; without a name, those of --agent]::NAME:(claude codex gemini cursor all agents)' \
    '--user[Hooks and server for all your repositories, not this one]' \
    '--agents-md[A few lines in AGENTS.md, for agents without hooks]' \
    '--sync[The sync in the background]' \
    '--completion[Your completions]' \
    '--man[Your man page]' \
    '--purge[Also all records, notes, caches and settings of this clone]' \
    '--remote[With --purge\: at the remote, too, for everybody]' \
    '--yes[Ask nothing, even where others were at work lately]' \
    '*:file:_files' ;;
  doctor) _arguments $common \
    '--run-id=[Who runs\: an agent, pipeline or person]:NAME: _git_muse_coord_offers runs' \
    '*:file:_files' ;;
  pause) _arguments $common \
    '--for=[How long\: 30m, 1h, 2d; else until --off]:SPAN: ' \
    '--off[End the pause]' \
    '*:file:_files' ;;
  hook) _arguments $common \
    '--run-id=[Who runs\: an agent, pipeline or person]:NAME: _git_muse_coord_offers runs' \
    '*:argument:(pre-commit pre-merge-commit post-commit post-merge post-rewrite pre-push claude codex gemini copilot cursor agent)' ;;
  mcp) _arguments $common \
    '*:file:_files' ;;
  schema) _arguments $common \
    '*:argument:(reserve release take heartbeat list show status who watch whoami prime dag intent tell inbox log forecast radar symbols check plan-merge reconcile shard sync gc fsck install uninstall doctor pause hook mcp schema demo)' ;;
  demo) _arguments $common \
    '--keep[Leave the repository behind, and say where it is]' \
    '*:file:_files' ;;
  esac
  ;;
esac
