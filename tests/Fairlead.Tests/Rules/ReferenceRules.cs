using System.Runtime.CompilerServices;
using System.Text;
using System.Text.RegularExpressions;
using Fairlead.Faces.Cli;

namespace Fairlead.Tests.Rules;

/// <summary>
/// The reference of the command line is what <c>fairlead help</c> says. After a change of verbs, run once with FAIRLEAD_GOLDEN=write and
/// read the difference.
/// </summary>
public sealed partial class ReferenceRules
{
    private const string Everywhere = "\nEverywhere:";
    private static readonly string Page = Path.GetFullPath(Path.Combine(Here(), "../../../docs/reference/cli.md"));

    [Fact]
    public async Task The_reference_of_the_command_line_is_what_help_says()
    {
        var known = await File.ReadAllTextAsync(Page, TestContext.Current.CancellationToken);
        var all = await HelpAsync();
        var text = new StringBuilder(known[..known.IndexOf("```", StringComparison.Ordinal)]).Append(Block(all));
        var lines = all.Split('\n').TakeWhile(line => line != Everywhere.Trim()).Select(line => Listed().Match(line));
        foreach (var verb in lines.Where(line => line.Success).Select(line => line.Groups["verb"].Value))
        {
            var help = await HelpAsync(verb.Split(' '));
            // What holds everywhere is said once, at the top.
            text.Append($"\n## {verb}\n\n{Block(help.Split(Everywhere)[0].TrimEnd() + "\n")}");
        }
        if (Environment.GetEnvironmentVariable("FAIRLEAD_GOLDEN") == "write")
        {
            await File.WriteAllTextAsync(Page, text.ToString(), TestContext.Current.CancellationToken);
            return;
        }
        Assert.Equal(known, text.ToString());
    }

    private static string Block(string text) => $"```\n{text}```\n";

    private static async Task<string> HelpAsync(params string[] verb)
    {
        var (context, verbs) = AllVerbs.Of();
        var code = await CliFace.RunAsync(context, verbs, ["help", .. verb], TestContext.Current.CancellationToken);
        Assert.Equal(0, code);
        return context.Terminal.Out.ToString()!;
    }

    [GeneratedRegex(
        "^  (?<verb>[a-z]+(?: [a-z-]+)*)  +[A-Z]",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Listed();

    private static string Here([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
