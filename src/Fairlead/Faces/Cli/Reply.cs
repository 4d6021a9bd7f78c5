using System.Text.Json.Nodes;
using Fairlead.Faces.Cli.Reading;
using Fairlead.Faces.Cli.Showing;
using Fairlead.Model.Problems;

namespace Fairlead.Faces.Cli;

/// <summary>How a command answers: payload to standard output, everything else to standard error, or one envelope for all.</summary>
public sealed class Reply(Terminal terminal, string kind, Globals globals)
{
    /// <summary>Whether somebody reads it, and not a program or a log.</summary>
    public bool IsForPerson => !globals.Json;

    public Terminal Terminal => terminal;

    public Globals Globals => globals;

    /// <summary>Ends well.</summary>
    /// <param name="text">The data for people.</param>
    public int Done(JsonNode? data, IEnumerable<string> text)
    {
        if (globals.Json)
        {
            Print(Envelope.Of(kind, data, []));
            return 0;
        }
        foreach (var line in text)
        {
            terminal.Out.WriteLine(line);
        }
        return 0;
    }

    public int Done(JsonNode? data) => Done(data, globals.Json ? [] : Payload.Lines(data));

    /// <summary>Ends badly, with the exit code of the first problem.</summary>
    public int Failed(IReadOnlyList<Problem> problems, JsonNode? data = null)
    {
        if (globals.Json)
        {
            Print(Envelope.Of(kind, data, problems));
        }
        else
        {
            foreach (var line in ProblemText.Lines(problems, terminal.ErrorPaint(globals.NoColor)))
            {
                terminal.Error.WriteLine(line);
            }
        }
        return (int)problems[0].Trouble;
    }

    /// <summary>Says something on the way: never payload.</summary>
    public void Note(string text)
    {
        if (!globals.Quiet)
        {
            terminal.Error.WriteLine(text);
        }
    }

    /// <summary>One line of NDJSON on the way.</summary>
    public void Event(string what, JsonNode data) => Print(Envelope.Event($"{kind}.{what}", data));

    private void Print(JsonNode node) => terminal.Out.WriteLine(Envelope.Line(node));
}
