using System.Globalization;
using Fairlead.Engine.Pipelines.Expressions;

namespace Fairlead.Engine.Pipelines.Vendors;

/// <summary>Values that are handed to a shell as variables, so that it never reads them as a part of a script.</summary>
/// <param name="taken">Variables that are there already.</param>
internal sealed class HandedOn(IEnumerable<string> taken)
{
    private const int NameMax = 40;

    private readonly HashSet<string> names = new(taken, StringComparer.OrdinalIgnoreCase);

    /// <summary>Those that are not there already, by their names.</summary>
    public OrderedDictionary<string, string> Env { get; } = new(StringComparer.Ordinal);

    /// <summary>A script that reads what others name from variables; null when its interpreter has no way to do so within a text.</summary>
    public string? Script(string interpreter, string text)
    {
        if (!TextTemplate.IsIn(text) || TextTemplate.Parse(text).Template is not { } template)
        {
            return text;
        }
        List<string> parts = [];
        foreach (var part in template.Parts)
        {
            if (part.Expression is not { } expression || !Outside.IsIn(expression))
            {
                parts.Add(part.Expression is null ? part.Text : $"${{{{{part.Text}}}}}");
            }
            else if (interpreter is "bash" or "sh" or "dash" or "ash" or "zsh")
            {
                parts.Add($"${{{Variable(expression)}}}");
            }
            else if (interpreter is "pwsh" or "powershell")
            {
                parts.Add($"${{env:{Variable(expression)}}}");
            }
            else
            {
                return null;
            }
        }
        return string.Concat(parts);
    }

    /// <summary>A word with expressions as a shell reads it: in double quotes, all of them variables.</summary>
    public string Word(TextTemplate template) =>
        $"\"{string.Concat(template.Parts.Select(part => part.Expression is { } expression ? $"${{{Variable(expression)}}}" : ShellText.Escaped(part.Text)))}\"";

    private string Variable(Expression expression)
    {
        if (Outside.Variable(expression) is { } known)
        {
            return known;
        }
        var text = ExpressionText.Of(expression);
        var value = $"${{{{ {text} }}}}";
        foreach (var (name, held) in Env)
        {
            if (held == value)
            {
                return name;
            }
        }
        var free = Named(text);
        for (var number = 2; !names.Add(free); number++)
        {
            free = string.Create(CultureInfo.InvariantCulture, $"{Named(text)}_{number}");
        }
        Env[free] = value;
        return free;
    }

    private static string Named(string text)
    {
        var words = string.Concat(text.Select(static letter => char.IsAsciiLetterOrDigit(letter) ? letter : '_'))
            .Split('_', StringSplitOptions.RemoveEmptyEntries);
        var name = string.Join('_', words).ToUpperInvariant();
        name = name[..Math.Min(name.Length, NameMax)];
        return name.Length > 0 && char.IsAsciiLetter(name[0]) ? name : $"VALUE_{name}".TrimEnd('_');
    }
}
