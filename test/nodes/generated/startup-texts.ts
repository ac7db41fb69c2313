/** Startup files of root in the form in which each distribution ships them; what is only for comfort is shortened. */

const PATHMUNGE_5 = `pathmunge () {
	if ! echo $PATH | /bin/egrep -q "(^|:)$1($|:)" ; then
	   if [ "$2" = "after" ] ; then
	      PATH=$PATH:$1
	   else
	      PATH=$1:$PATH
	   fi
	fi
}
`;
const PATHMUNGE = `pathmunge () {
    case ":\${PATH}:" in
        *:"$1":*)
            ;;
        *)
            if [ "$2" = "after" ] ; then
                PATH=$PATH:$1
            else
                PATH=$1:$PATH
            fi
    esac
}
`;

export const RHEL5_PROFILE = `# /etc/profile
${PATHMUNGE_5}
# ksh workaround
if [ -z "$EUID" -a -x /usr/bin/id ]; then
	EUID=\`id -u\`
	UID=\`id -ru\`
fi
if [ "$EUID" = "0" ]; then
	pathmunge /sbin
	pathmunge /usr/sbin
fi
ulimit -S -c 0 > /dev/null 2>&1
if [ -x /usr/bin/id ]; then
	USER="\`id -un\`"
	LOGNAME=$USER
	MAIL="/var/spool/mail/$USER"
fi
HOSTNAME=\`/bin/hostname\`
HISTSIZE=1000
if [ -z "$INPUTRC" -a ! -f "$HOME/.inputrc" ]; then
    INPUTRC=/etc/inputrc
fi
export PATH USER LOGNAME MAIL HOSTNAME HISTSIZE INPUTRC
for i in /etc/profile.d/*.sh ; do
    if [ -r "$i" ]; then
        if [ "$PS1" ]; then
            . $i
        else
            . $i >/dev/null 2>&1
        fi
    fi
done
unset i
unset pathmunge
`;

export const RHEL5_BASHRC = `# /etc/bashrc
if [ $UID -gt 99 ] && [ "\`id -gn\`" = "\`id -un\`" ]; then
	umask 002
else
	umask 022
fi
if [ "$PS1" ]; then
    case $TERM in
	xterm*)
		if [ -e /etc/sysconfig/bash-prompt-xterm ]; then
			PROMPT_COMMAND=/etc/sysconfig/bash-prompt-xterm
		else
			PROMPT_COMMAND='echo -ne "\\033]0;\${USER}@\${HOSTNAME%%.*}:\${PWD/#$HOME/~}"; echo -ne "\\007"'
		fi
		;;
	*)
		[ -e /etc/sysconfig/bash-prompt-default ] && PROMPT_COMMAND=/etc/sysconfig/bash-prompt-default
	    ;;
    esac
    shopt -s checkwinsize
    [ "$PS1" = "\\\\s-\\\\v\\\\\\$ " ] && PS1="[\\u@\\h \\W]\\\\$ "
fi
if ! shopt -q login_shell ; then
${PATHMUNGE_5}
	for i in /etc/profile.d/*.sh; do
		if [ -r "$i" ]; then
			. $i
		fi
	done
	unset i
	unset pathmunge
fi
`;

export const rhelProfile = (id: string): string => `# /etc/profile
${PATHMUNGE}
if [ -x ${id} ]; then
    if [ -z "$EUID" ]; then
        EUID=\`${id} -u\`
        UID=\`${id} -ru\`
    fi
    USER="\`${id} -un\`"
    LOGNAME=$USER
    MAIL="/var/spool/mail/$USER"
fi
if [ "$EUID" = "0" ]; then
    pathmunge /usr/sbin
    pathmunge /usr/local/sbin
else
    pathmunge /usr/local/sbin after
    pathmunge /usr/sbin after
fi
HOSTNAME=\`/usr/bin/hostname 2>/dev/null\`
HISTSIZE=1000
if [ "$HISTCONTROL" = "ignorespace" ] ; then
    export HISTCONTROL=ignoreboth
else
    export HISTCONTROL=ignoredups
fi
export PATH USER LOGNAME MAIL HOSTNAME HISTSIZE HISTCONTROL
if [ $UID -gt 199 ] && [ "\`${id} -gn\`" = "\`${id} -un\`" ]; then
    umask 002
else
    umask 022
fi
for i in /etc/profile.d/*.sh /etc/profile.d/sh.local ; do
    if [ -r "$i" ]; then
        if [ "\${-#*i}" != "$-" ]; then
            . "$i"
        else
            . "$i" >/dev/null
        fi
    fi
done
unset i
unset -f pathmunge
if [ -n "\${BASH_VERSION-}" ] ; then
        if [ -f /etc/bashrc ] ; then
                . /etc/bashrc
       fi
fi
`;

export const RHEL_BASHRC = `# /etc/bashrc
if [ -z "$BASHRCSOURCED" ]; then
  BASHRCSOURCED="Y"
  if [ "$PS1" ]; then
    if [ -z "$PROMPT_COMMAND" ]; then
      case $TERM in
      xterm*|vte*)
        if [ -e /etc/sysconfig/bash-prompt-xterm ]; then
            PROMPT_COMMAND=/etc/sysconfig/bash-prompt-xterm
        elif [ "\${VTE_VERSION:-0}" -ge 3405 ]; then
            PROMPT_COMMAND="__vte_prompt_command"
        else
            PROMPT_COMMAND='printf "\\033]0;%s@%s:%s\\007" "\${USER}" "\${HOSTNAME%%.*}" "\${PWD/#$HOME/\\~}"'
        fi
        ;;
      *)
        [ -e /etc/sysconfig/bash-prompt-default ] && PROMPT_COMMAND=/etc/sysconfig/bash-prompt-default
        ;;
      esac
    fi
    shopt -s histappend
    history -a
    shopt -s checkwinsize
    [ "$PS1" = "\\\\s-\\\\v\\\\\\$ " ] && PS1="[\\u@\\h \\W]\\\\$ "
  fi
  if ! shopt -q login_shell ; then
${PATHMUNGE}
    if [ $UID -gt 199 ] && [ "\`/usr/bin/id -gn\`" = "\`/usr/bin/id -un\`" ]; then
       umask 002
    else
       umask 022
    fi
    SHELL=/bin/bash
    for i in /etc/profile.d/*.sh; do
        if [ -r "$i" ]; then
            if [ "$PS1" ]; then
                . "$i"
            else
                . "$i" >/dev/null
            fi
        fi
    done
    unset i
    unset -f pathmunge
  fi
fi
`;

export const RHEL_ROOT_BASH_PROFILE = `# .bash_profile

# Get the aliases and functions
if [ -f ~/.bashrc ]; then
	. ~/.bashrc
fi

PATH=$PATH:$HOME/bin
export PATH
`;

export const RHEL_ROOT_BASHRC = `# .bashrc

alias rm='rm -i'
alias cp='cp -i'
alias mv='mv -i'

# Source global definitions
if [ -f /etc/bashrc ]; then
	. /etc/bashrc
fi
`;

export const RHEL9_ROOT_BASHRC = `${RHEL_ROOT_BASHRC}
if ! [[ "$PATH" =~ "$HOME/.local/bin:$HOME/bin:" ]]
then
    PATH="$HOME/.local/bin:$HOME/bin:$PATH"
fi
export PATH
if [ -d ~/.bashrc.d ]; then
	for rc in ~/.bashrc.d/*; do
		if [ -f "$rc" ]; then
			. "$rc"
		fi
	done
fi
unset rc
`;

export const SUSE_PROFILE = `# /etc/profile for SuSE Linux
if test -f /proc/mounts ; then
    if ! is=$(readlink /proc/$$/exe 2>/dev/null) ; then
	case "$0" in
	*pcksh)	is=ksh	;;
	*)	is=sh	;;
	esac
    fi
    case "$is" in
	*/bash)	is=bash
	    case "$0" in
	    sh|-sh|*/sh)
		is=sh	;;
	    esac	;;
	*/zsh)	is=zsh	;;
	*/*)	is=sh	;;
    esac
else
    is=sh
fi

tty=\`tty 2> /dev/null\`
test $? -ne 0 && tty=""
umask 022

test -z "$MACHTYPE" || CPU=$MACHTYPE
if test -z "$PROFILEREAD" ; then
    test "$UID" = 0 && PATH=/sbin:/usr/sbin:/usr/local/sbin:$PATH
    readonly PROFILEREAD=true
    export PROFILEREAD
fi
HOST=\`hostname -f 2> /dev/null\`
export PATH HOST CPU

for s in /etc/profile.d/*.sh ; do
    test -r $s && . $s
done
unset s

if test -n "$BASH_VERSION" ; then
    test -r /etc/bash.bashrc && . /etc/bash.bashrc
fi
test -s /etc/profile.local && . /etc/profile.local
`;

export const SUSE_BASHRC = `# /etc/bash.bashrc for SuSE Linux
if test "$UID" = 0 ; then
    PS1="\\h:\\w # "
else
    PS1="\\u@\\h:\\w> "
fi
alias ll='ls -l'
test -s ~/.alias && . ~/.alias || true
test -s /etc/bash.bashrc.local && . /etc/bash.bashrc.local
`;

export const SOLARIS_PROFILE = `#ident	"@(#)profile	1.19"
trap ""  2 3
export LOGNAME PATH
if [ "$TERM" = "" ]
then
	if /bin/i386
	then
		TERM=sun-color
	else
		TERM=sun
	fi
	export TERM
fi
case "$0" in
-sh | -ksh | -jsh | -bash)
	if [ ! -f .hushlogin ]
	then
		/usr/sbin/quota
		/bin/cat -s /etc/motd
		/bin/mail -E
		case $? in
		0)
			echo "You have new mail."
			;;
		2)
			echo "You have mail."
			;;
		esac
	fi
esac
umask 022
trap  2 3
`;

export const LESS_SH = `# less initialization script (sh)
[ -x /usr/bin/lesspipe.sh ] && export LESSOPEN="\${LESSOPEN-||/usr/bin/lesspipe.sh %s}"
`;

export const WHICH2_SH = `alias which='alias | /usr/bin/which --tty-only --read-alias --show-dot --show-tilde'
`;

export const COLORLS_SH = `if [ -z "$USER_LS_COLORS" ]; then
  alias ll='ls -l' 2>/dev/null
  alias l.='ls -d .*' 2>/dev/null
  COLORS=/etc/DIR_COLORS
  [ -e "/etc/DIR_COLORS.$TERM" ] && COLORS="/etc/DIR_COLORS.$TERM"
  [ -e "$COLORS" ] || return
  eval "$(dircolors --sh "$COLORS" 2>/dev/null)"
  [ -z "$LS_COLORS" ] && return
fi
alias ls='ls --color=auto' 2>/dev/null
`;

export const LANG_SH = `if [ -z "$LANG" ] && [ -f /etc/sysconfig/i18n ]; then
    . /etc/sysconfig/i18n
    export LANG
fi
`;
