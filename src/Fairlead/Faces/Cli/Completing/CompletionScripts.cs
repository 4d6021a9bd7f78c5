namespace Fairlead.Faces.Cli.Completing;

/// <summary>What a shell must run to complete Fairlead's commands. The knowledge stays in the program: scripts only ask it.</summary>
internal static class CompletionScripts
{
    /// <param name="shell">bash, zsh or fish.</param>
    public static string Of(string shell) =>
        shell switch
        {
            "bash" => Bash,
            "zsh" => Zsh,
            _ => Fish,
        };

    private const string Bash = """
        # Add to ~/.bashrc: eval "$(fairlead completion bash)"
        _fairlead() {
            local word="${COMP_WORDS[COMP_CWORD]}" line
            COMPREPLY=()
            while IFS= read -r line; do
                if [ "$line" = ":folders" ]; then
                    while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen -d -- "$word")
                    compopt -o filenames 2>/dev/null
                else
                    COMPREPLY+=("${line%%$'\t'*}")
                fi
            done < <("${COMP_WORDS[0]}" complete -- "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
        }
        complete -F _fairlead fairlead
        """;

    private const string Zsh = """
        #compdef fairlead
        # Add to ~/.zshrc: eval "$(fairlead completion zsh)"
        _fairlead() {
            local -a found
            local line
            for line in "${(@f)$("${words[1]}" complete -- "${(@)words[2,CURRENT]}" 2>/dev/null)}"; do
                if [[ "$line" == ":folders" ]]; then
                    _files -/
                elif [[ -n "$line" ]]; then
                    found+=("${${line%%$'\t'*}//:/\\:}:${line#*$'\t'}")
                fi
            done
            (( ${#found} )) && _describe fairlead found
        }
        compdef _fairlead fairlead
        """;

    private const string Fish = """
        # Save as ~/.config/fish/completions/fairlead.fish
        function __fairlead
            set -l words (commandline -opc) (commandline -ct)
            for line in ($words[1] complete -- $words[2..-1] 2>/dev/null)
                if test "$line" = ":folders"
                    __fish_complete_directories (commandline -ct)
                else
                    echo $line
                end
            end
        end
        complete -c fairlead -f -a '(__fairlead)'
        """;
}
