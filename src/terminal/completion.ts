/** What a shell has to know of one flag. */
export interface CompletedFlag {
  readonly name: string;
  /** One letter that stands for it; absent when there is none. */
  readonly char?: string | undefined;
  readonly type: 'boolean' | 'option';
  /** What stands for its value in help: `aws|local` where it is one of some words. */
  readonly helpValue?: string | undefined;
  /** Whether `--no-` before its name turns it off. */
  readonly allowNo?: boolean | undefined;
}

/** What a shell has to know of one command. */
export interface CompletedCommand {
  readonly name: string;
  readonly flags: readonly CompletedFlag[];
  /** Words of its own language by the word that stands before them. */
  readonly words?: Readonly<Record<string, readonly string[]>> | undefined;
}

/** Sets out a script that completes commands, flags and their values in bash, and in zsh behind `bashcompinit`. */
export function renderCompletion(commands: readonly CompletedCommand[]): string {
  const names = [...commands.map(({ name }) => name), 'help', '--help', '--version'];
  return [
    '# bash: source <(pixgate completion bash)',
    '# zsh:  autoload -U +X bashcompinit && bashcompinit && source <(pixgate completion bash)',
    '_pixgate() {',
    `  local cur="\${COMP_WORDS[COMP_CWORD]}" prev="\${COMP_WORDS[COMP_CWORD-1]}" words=""`,
    '  COMPREPLY=()',
    '  if [ "$COMP_CWORD" -eq 1 ]; then',
    `    COMPREPLY=($(compgen -W "${names.join(' ')}" -- "$cur"))`,
    '    return',
    '  fi',
    '  case "${COMP_WORDS[1]} $prev" in',
    ...commands.flatMap(renderValues),
    `    "help help") words="${commands.map(({ name }) => name).join(' ')}" ;;`,
    '  esac',
    '  if [ -z "$words" ] && [ "${cur:0:1}" = - ]; then',
    '    case "${COMP_WORDS[1]}" in',
    ...commands.map(({ name, flags }) => `      ${name}) words="${flags.flatMap(spell).sort().join(' ')}" ;;`),
    '    esac',
    '  fi',
    // Where nothing is offered the shell completes names of files.
    '  [ -z "$words" ] || COMPREPLY=($(compgen -W "$words" -- "$cur"))',
    '}',
    'complete -o default -F _pixgate pixgate',
    '',
  ].join('\n');
}

/** What may follow a word of one command: the values of a flag, or words of its own language. */
function renderValues({ name, flags, words = {} }: CompletedCommand): string[] {
  const values = flags.filter(({ type }) => type === 'option');
  const chosen = values.filter(({ helpValue = '' }) => /^[a-z-]+(\|[a-z-]+)+$/.test(helpValue));
  const free = values.filter((flag) => !chosen.includes(flag));
  return [
    ...chosen.map(
      ({ name: flag, helpValue = '' }) => `    "${name} --${flag}") words="${helpValue.replaceAll('|', ' ')}" ;;`,
    ),
    // The value of any other flag may begin with anything, a dash too.
    `    ${free.map(({ name: flag }) => `"${name} --${flag}"`).join('|')}) return ;;`,
    ...Object.entries(words).map(([before, next]) => `    "${name} ${before}") words="${next.join(' ')}" ;;`),
  ];
}

function spell({ name, char, allowNo = false }: CompletedFlag): string[] {
  return [`--${name}`, ...(char === undefined ? [] : [`-${char}`]), ...(allowNo ? [`--no-${name}`] : [])];
}
