# bash completion for git muse-coord and git-muse-coord. Written by scripts/generate from the definitions of the commands.

# ask the program what fits: of which kinds, for what is typed, from which directories on
_git_muse_coord_offers ()
{
	local kinds=$1 typed=$2 quote='' before='' word about at first=${#COMPREPLY[@]}
	local -a abouts=()
	shift 2
	if [[ $typed == [\"\']* ]]; then
		quote=${typed:0:1} typed=${typed:1}
	else
		# bash puts what is offered in the place of what stands behind the last : or =
		[[ $typed == *[:=]* ]] && before=${typed%"${typed##*[:=]}"}
		typed=${typed//\\/} before=${before//\\/}
	fi
	while IFS=$'\t' read -r word about; do
		[[ $word == "$typed"* ]] || continue
		word=${word:${#before}}
		if [[ -z $quote ]]; then
			printf -v word %q "$word" # whoever wrote it: on the line it is a word and does nothing
		elif [[ $word == *[!A-Za-z0-9_./:@%+,-]* ]]; then
			continue
		fi
		COMPREPLY+=("$word") abouts+=("$about")
	done < <(command git-muse-coord --complete "$kinds" "$typed" "$@" 2>/dev/null)
	# only in a list: what a key puts on the line must be the word alone
	[[ ${#COMPREPLY[@]} -lt 2 || $COMP_TYPE == 37 || $COMP_TYPE == 42 ]] && return
	for at in "${!abouts[@]}"; do
		COMPREPLY[first + at]+="  (${abouts[at]})"
	done
}

_git_muse_coord ()
{
	local verbs="reserve release take heartbeat list show status who watch whoami prime dag intent tell inbox log forecast radar symbols check plan-merge reconcile shard sync gc fsck install uninstall doctor pause hook mcp schema demo"
	local common="-C --json --fields --limit --compact --color --quiet --verbose --version --help"
	local IFS=$' \t\n' at=$COMP_CWORD verb='' words='' kinds=''
	local cur=${COMP_WORDS[COMP_CWORD]} typed=${COMP_WORDS[COMP_CWORD]} option
	local -a there=()
	# bash takes words apart at = and :
	while ((at > 1)) && [[ $typed == [:=]* || ${COMP_WORDS[at - 1]} == *[:=] ]]; do
		at=$((at - 1))
		typed=${COMP_WORDS[at]}$typed
	done
	option=${COMP_WORDS[at - 1]}
	if [[ $typed == --*=* ]]; then
		option=${typed%%=*} typed=${typed#*=}
	fi
	[[ $cur == "=" ]] && cur=
	# the verb is the first word that names one, whatever alias of git's stands before it
	for ((at = 1; at < COMP_CWORD; at++)); do
		if [[ ${COMP_WORDS[at]} == -C ]]; then
			at=$((at + 1))
			there+=("${COMP_WORDS[at]/#\~\//$HOME/}")
		elif [[ " $verbs " == *" ${COMP_WORDS[at]} "* ]]; then
			verb=${COMP_WORDS[at]}
			break
		fi
	done
	if [[ $cur == -* ]]; then
		case $verb in
		reserve) words="--run-id --ttl --op --depends-on --reason --strict --wait --stdin --from-diff --worktree --new --local --dry-run --all-findings" ;;
		release) words="--all --run-id --force --outcome --local" ;;
		take) words="--reason --run-id --ttl --local --all-findings" ;;
		heartbeat) words="--all --run-id --extension --local" ;;
		list) words="--all --run-id --mine --branch --address --conflicts" ;;
		status) words="--run-id" ;;
		who) words="--run-id" ;;
		watch) words="--for --address --exec --lines" ;;
		whoami) words="--run-id" ;;
		prime) words="--run-id" ;;
		dag) words="--ready --for --format" ;;
		intent) words="--op --detail --reservation-id --run-id --ttl --local" ;;
		tell) words="--re --ttl --run-id --local" ;;
		inbox) words="--all --run-id --local" ;;
		log) words="-L --address --run-id --branch --since -n --oneline" ;;
		forecast) words="--branch --run-id --min-confidence --radar --explain --strict" ;;
		radar) words="--min-confidence --strict" ;;
		symbols) words="--changed" ;;
		check) words="--run-id --worktree --range --strict --all-findings --format" ;;
		plan-merge) words="--base --strict" ;;
		reconcile) words="--onto --branch" ;;
		shard) words="--agents --only --language --commit --path" ;;
		sync) words="--fetch-only --push-only --run-id --all-findings --gc --timeout" ;;
		gc) words="--execute --remote --timeout --unknown" ;;
		fsck) words="--repair" ;;
		install) words="--hooks --agent --mcp --user --agents-md --completion --man --sync --print" ;;
		uninstall) words="--hooks --agent --mcp --user --agents-md --sync --completion --man --purge --remote --yes" ;;
		doctor) words="--run-id" ;;
		pause) words="--for --off" ;;
		hook) words="--run-id" ;;
		demo) words="--keep" ;;
		esac
		words="$common $words"
	else
		case "$verb $option" in
		*" -C") ;;
		*" --fields") ;;
		*" --limit") ;;
		*" --color") words="auto always never" ;;
		"reserve --run-id") kinds=runs ;;
		"reserve --ttl") ;;
		"reserve --op") words="rename move modify extract delete" kinds=addresses ;;
		"reserve --depends-on") kinds=ids ;;
		"reserve --reason") ;;
		"reserve "*) kinds=addresses ;;
		"release --run-id") kinds=runs ;;
		"release --outcome") words="done abandoned" ;;
		"release "*) kinds=ids,addresses ;;
		"take --reason") ;;
		"take --run-id") kinds=runs ;;
		"take --ttl") ;;
		"take "*) kinds=ids ;;
		"heartbeat --run-id") kinds=runs ;;
		"heartbeat --extension") ;;
		"heartbeat "*) kinds=ids ;;
		"list --run-id") kinds=runs ;;
		"list --branch") kinds=branches ;;
		"list --address") kinds=addresses ;;
		"show "*) kinds=ids ;;
		"status --run-id") kinds=runs ;;
		"who --run-id") kinds=runs ;;
		"who "*) kinds=addresses ;;
		"watch --for") kinds=runs ;;
		"watch --address") kinds=addresses ;;
		"watch --exec") ;;
		"whoami --run-id") kinds=runs ;;
		"prime --run-id") kinds=runs ;;
		"dag --for") kinds=ids ;;
		"dag --format") words="text json dot mermaid" ;;
		"intent --op") words="rename move modify extract delete inline split merge" ;;
		"intent --detail") ;;
		"intent --reservation-id") kinds=ids ;;
		"intent --run-id") kinds=runs ;;
		"intent --ttl") ;;
		"intent "*) kinds=addresses ;;
		"tell --re") ;;
		"tell --ttl") ;;
		"tell --run-id") kinds=runs ;;
		"tell "*) kinds=runs,ids ;;
		"inbox --run-id") kinds=runs ;;
		"log -L") kinds=addresses ;;
		"log --address") kinds=addresses ;;
		"log --run-id") kinds=runs ;;
		"log --branch") kinds=branches ;;
		"log --since") ;;
		"log -n") ;;
		"forecast --branch") kinds=branches ;;
		"forecast --run-id") kinds=runs ;;
		"forecast --min-confidence") ;;
		"radar --min-confidence") ;;
		"symbols "*) kinds=addresses ;;
		"check --run-id") kinds=runs ;;
		"check --range") ;;
		"check --format") words="text json sarif github gitlab" ;;
		"plan-merge --base") kinds=branches ;;
		"plan-merge "*) kinds=branches ;;
		"reconcile --onto") kinds=branches ;;
		"reconcile --branch") kinds=branches ;;
		"shard --agents") ;;
		"shard --only") ;;
		"shard --language") ;;
		"shard --commit") kinds=branches ;;
		"shard --path") kinds=addresses ;;
		"sync --run-id") kinds=runs ;;
		"sync --timeout") ;;
		"gc --timeout") ;;
		"install --agent") words="claude codex gemini copilot cursor opencode all" ;;
		"install --mcp") words="claude codex gemini cursor all agents" ;;
		"install --completion") words="bash zsh fish auto" ;;
		"uninstall --agent") words="claude codex gemini copilot cursor opencode all" ;;
		"uninstall --mcp") words="claude codex gemini cursor all agents" ;;
		"doctor --run-id") kinds=runs ;;
		"pause --for") ;;
		"hook --run-id") kinds=runs ;;
		"hook "*) words="pre-commit pre-merge-commit post-commit post-merge post-rewrite pre-push claude codex gemini copilot cursor agent" ;;
		"schema "*) words="reserve release take heartbeat list show status who watch whoami prime dag intent tell inbox log forecast radar symbols check plan-merge reconcile shard sync gc fsck install uninstall doctor pause hook mcp schema demo" ;;
		" "*) words=$verbs ;;
		esac
	fi
	# where we have nothing to say, the shell completes names of files
	# shellcheck disable=SC2207
	COMPREPLY=($(compgen -W "$words" -- "$cur"))
	[[ $kinds == addresses && $typed != *::* ]] && kinds=
	if [[ -n $kinds && $cur != -* ]]; then
		_git_muse_coord_offers "$kinds" "$typed" ${there[@]+"${there[@]}"}
	fi
	compopt +o nospace 2>/dev/null # which git's own completion sets
	return 0
}

complete -o bashdefault -o default -F _git_muse_coord git-muse-coord
