# fish completion for git muse-coord. Written by scripts/generate from the definitions of the commands.
function __git_muse_coord_in_git
	set -l words (commandline -opc)
	contains -- muse-coord $words[2..]
end

function __git_muse_coord_of_git
	set -l words (commandline -opc)
	set -l at (contains -i -- muse-coord $words)
	set -l after $words[(math $at + 1)..]
	# what git takes before its command, such as -C
	set -l before
	test $at -gt 2; and set before $words[2..(math $at - 1)]
	complete -C (string join ' ' -- git-muse-coord (string escape -- $before $after) (commandline -ct))
end

complete -c git -n __git_muse_coord_in_git -f -a '(__git_muse_coord_of_git)'
