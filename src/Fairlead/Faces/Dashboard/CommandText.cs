using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Fairlead.Engine.Operations;

namespace Fairlead.Faces.Dashboard;

/// <summary>The command line that asks for the same as a page does.</summary>
internal static class CommandText
{
    /// <summary>Such as <c>fairlead rollback shop --environment production --to 41</c>, as a shell reads it.</summary>
    public static string Of(Operation operation, JsonObject input)
    {
        var words = new StringBuilder("fairlead ").Append(operation.Name.Replace('.', ' '));
        var properties = operation
            .Input.GetProperties()
            .OrderByDescending(static one => one.GetCustomAttribute<PositionalAttribute>() is not null);
        foreach (var property in properties)
        {
            var name = JsonNamingPolicy.CamelCase.ConvertName(property.Name);
            if (input[name] is not { } value)
            {
                continue;
            }
            var isPositional = property.GetCustomAttribute<PositionalAttribute>() is not null;
            foreach (var one in value is JsonArray all ? all.OfType<JsonNode>() : [value])
            {
                Add(words, isPositional ? null : Option(name), one);
            }
        }
        return words.ToString();
    }

    private static void Add(StringBuilder words, string? option, JsonNode value)
    {
        switch (value.GetValueKind())
        {
            case JsonValueKind.True:
                words.Append(' ').Append(option);
                return;
            case JsonValueKind.False:
                return;
            default:
                if (option is not null)
                {
                    words.Append(' ').Append(option);
                }
                words.Append(' ').Append(Quoted(value.ToString()));
                return;
        }
    }

    // waitMilliseconds is typed as --wait-milliseconds.
    private static string Option(string name) => $"--{JsonNamingPolicy.KebabCaseLower.ConvertName(name)}";

    internal static string Quoted(string word) =>
        word.Length > 0 && word.All(static letter => char.IsAsciiLetterOrDigit(letter) || "-_./:@%+,".Contains(letter))
            ? word
            : $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
