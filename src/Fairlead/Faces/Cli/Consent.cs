using Fairlead.Engine.Operations;
using Fairlead.Faces.Cli.Reading;
using Fairlead.Model.Problems;

namespace Fairlead.Faces.Cli;

/// <summary>Asks a person before something is destroyed.</summary>
internal static class Consent
{
    /// <exception cref="ProblemException">Nobody is there to be asked, and <c>--yes</c> was not given.</exception>
    public static bool Asked(Operation operation, Globals globals, Terminal terminal)
    {
        if (globals.Yes)
        {
            return true;
        }
        if (!terminal.IsInTerminal || !terminal.IsErrorTerminal || globals.Json)
        {
            throw new ProblemException(
                new Problem(
                    "cli.needs-yes",
                    What: $"'{operation.Name.Replace('.', ' ')}' was not done.",
                    Why: "It destroys something, and nobody is at a terminal to be asked.",
                    Fix: "Say so with --yes."
                )
                {
                    Trouble = Trouble.NeedsPerson,
                }
            );
        }
        terminal.Error.Write($"{operation.Summary.TrimEnd('.')}: this cannot be undone. Go on? [y/N] ");
        return terminal.In.ReadLine()?.Trim() is "y" or "Y" or "yes";
    }
}
