using System.Globalization;
using System.Text;
using Fairlead.Model.Telemetry;

namespace Fairlead.Engine.Judging.PromQl.Reading;

/// <summary>How names, texts and series are written in queries.</summary>
internal static class Written
{
    public static string Quoted(string text)
    {
        var quoted = new StringBuilder(text.Length + 2).Append('"');
        foreach (var letter in text)
        {
            quoted.Append(
                letter switch
                {
                    '"' => "\\\"",
                    '\\' => "\\\\",
                    '\n' => "\\n",
                    '\r' => "\\r",
                    '\t' => "\\t",
                    < ' ' => string.Create(CultureInfo.InvariantCulture, $"\\x{(int)letter:x2}"),
                    _ => letter.ToString(),
                }
            );
        }
        return quoted.Append('"').ToString();
    }

    /// <summary>A series as Prometheus shows it in errors: <c>up{job="api"}</c>, with its name in front.</summary>
    public static string Series(Labels labels)
    {
        var name = labels.Name;
        var isPlain = IsMetric(name);
        var inside = labels
            .Where(one => one.Name != Labels.MetricName)
            .Select(one => $"{Name(one.Name)}={Quoted(one.Value)}");
        if (name.Length > 0 && !isPlain)
        {
            inside = inside.Prepend(Quoted(name));
        }
        var text = string.Join(", ", inside);
        return isPlain && text.Length == 0 ? name
            : isPlain ? $"{name}{{{text}}}"
            : $"{{{text}}}";
    }

    /// <summary>A set of labels as Prometheus prints it, the name among them.</summary>
    public static string Set(Labels labels) =>
        $"{{{string.Join(", ", labels.Select(one => $"{Name(one.Name)}={Quoted(one.Value)}"))}}}";

    /// <summary>A label's name, in quotes where it needs them.</summary>
    public static string Name(string name) => IsLabel(name) ? name : Quoted(name);

    /// <summary>Whether it can be written without quotes.</summary>
    public static bool IsLabel(string name) =>
        name.Length > 0
        && !char.IsAsciiDigit(name[0])
        && name.All(letter => letter == '_' || char.IsAsciiLetterOrDigit(letter));

    /// <inheritdoc cref="IsLabel"/>
    public static bool IsMetric(string name) =>
        name.Length > 0
        && !char.IsAsciiDigit(name[0])
        && name.All(letter => letter is '_' or ':' || char.IsAsciiLetterOrDigit(letter));

    /// <summary>Whether a label can be called so at all: any text that is not empty and is UTF-8.</summary>
    public static bool IsUtf8Name(string name) => name.Length > 0 && !name.Any(letter => letter == '\uFFFD');
}
