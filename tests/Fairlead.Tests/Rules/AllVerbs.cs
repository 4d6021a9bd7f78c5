using Fairlead.Engine.Operations;
using Fairlead.Faces.Cli;
using Fairlead.Faces.Cli.Reading;
using Fairlead.Roles.Up;

namespace Fairlead.Tests.Rules;

/// <summary>All that can be typed, with nothing behind it.</summary>
internal static class AllVerbs
{
    public static (CliContext Context, IReadOnlyList<Verb> Verbs) Of()
    {
        var context = Compose.Cli(Compose.World()) with
        {
            Terminal = new Terminal(TextReader.Null, new StringWriter(), new StringWriter()) { Folder = "." },
        };
        var own = new UpVerbs(
            context.Terminal,
            static _ => throw new InvalidOperationException("Reading words starts nothing."),
            context.Open
        );
        return (context, CliFace.Verbs(context, AllOperations.Entries, own.All));
    }
}
