# bash completion for git muse-coord and git-muse-coord. Written by scripts/generate from the definitions of the commands.

_git_muse_coord ()
{
	local verbs="reserve release take heartbeat list show status watch whoami prime dag intent tell inbox forecast radar symbols check plan-merge reconcile shard sync gc fsck install uninstall doctor pause hook schema demo"
	local common="-C --json --fields --limit --compact --color --quiet --verbose --version --help"
	local IFS=$' \t\n' at verb='' words=''
	local cur=${COMP_WORDS[COMP_CWORD]} option=${COMP_WORDS[COMP_CWORD - 1]}
	if [[ $cur == "=" ]]; then # bash takes --option=value apart
		cur=
	elif [[ $option == "=" ]]; then
		option=${COMP_WORDS[COMP_CWORD - 2]}
	fi
	# the verb is the first word that names one, whatever alias of git's stands before it
	for at in "${COMP_WORDS[@]:1:COMP_CWORD - 1}"; do
		if [[ " $verbs " == *" $at "* ]]; then
			verb=$at
			break
		fi
	done
	if [[ $cur == -* ]]; then
		case $verb in
		reserve) words="--run-id --ttl --op --depends-on --reason --strict --wait --stdin --from-diff --worktree --new --local --dry-run --all-findings" ;;
		release) words="--all --run-id --force --outcome --local" ;;
		take) words="--reason --run-id --ttl --local" ;;
		heartbeat) words="--all --run-id --extension --local" ;;
		list) words="--all --run-id --mine --branch --address --conflicts" ;;
		status) words="--run-id" ;;
		watch) words="--for --address --exec --lines" ;;
		whoami) words="--run-id" ;;
		prime) words="--run-id" ;;
		dag) words="--ready --for --format" ;;
		intent) words="--op --detail --reservation-id --run-id --ttl --local" ;;
		tell) words="--re --ttl --run-id --local" ;;
		inbox) words="--all --run-id --local" ;;
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
		install) words="--hooks --agent --user --agents-md --completion --man --sync --print" ;;
		uninstall) words="--hooks --agent --user --agents-md --sync --completion --man --purge --remote --yes" ;;
		doctor) words="--run-id" ;;
		pause) words="--for --off" ;;
		hook) words="--run-id" ;;
		demo) words="--keep" ;;
		esac
		words="$common $words"
	else
		case "$verb $option" in
		*" -C") ;;
		*" --color") words="auto always never" ;;
		"reserve --op") words="rename move modify extract delete" ;;
		"release --outcome") words="done abandoned" ;;
		"dag --format") words="text json dot mermaid" ;;
		"intent --op") words="rename move modify extract delete inline split merge" ;;
		"check --format") words="text json sarif github gitlab" ;;
		"install --agent") words="claude codex gemini copilot cursor opencode all" ;;
		"install --completion") words="bash zsh fish auto" ;;
		"uninstall --agent") words="claude codex gemini copilot cursor opencode all" ;;
		"hook "*) words="pre-commit pre-merge-commit post-commit post-merge pre-push claude codex gemini copilot cursor agent" ;;
		" "*) words=$verbs ;;
		esac
	fi
	# where we have nothing to say, the shell completes names of files
	# shellcheck disable=SC2207
	COMPREPLY=($(compgen -W "$words" -- "$cur"))
	compopt +o nospace 2>/dev/null # which git's own completion sets
	return 0
}

complete -o bashdefault -o default -F _git_muse_coord git-muse-coord
