using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Fairlead.Engine.Pipelines.Expressions;

/// <summary>Values as JSON, in the form of JavaScript's <c>JSON.stringify(value, null, 2)</c>.</summary>
internal static class JsonText
{
    public static ExpressionValue Read(JsonElement json) =>
        json.ValueKind switch
        {
            JsonValueKind.True => ExpressionValue.True,
            JsonValueKind.False => ExpressionValue.False,
            JsonValueKind.Number => new ExpressionValue.Number(json.GetDouble()),
            JsonValueKind.String => new ExpressionValue.Text(Words(json)),
            JsonValueKind.Array => new ExpressionValue.Row([.. json.EnumerateArray().Select(Read)]),
            JsonValueKind.Object => new ExpressionValue.Group(
                json.EnumerateObject().Select(static one => KeyValuePair.Create(one.Name, Read(one.Value)))
            ),
            _ => ExpressionValue.None,
        };

    /// <param name="lettersMax">Past these it ends anywhere: nobody reads it then.</param>
    public static string Of(ExpressionValue value, int lettersMax)
    {
        var text = new StringBuilder();
        Append(text, value, 0, lettersMax);
        return text.ToString();
    }

    private static void Append(StringBuilder text, ExpressionValue value, int indent, int lettersMax)
    {
        if (text.Length > lettersMax)
        {
            return;
        }
        switch (value)
        {
            case ExpressionValue.Nothing:
                text.Append("null");
                break;
            case ExpressionValue.Number number:
                text.Append(double.IsFinite(number.Amount) ? NumberText.Exact(number.Amount) : "null");
                break;
            case ExpressionValue.Text words:
                Append(text, words.Letters);
                break;
            case ExpressionValue.Row { Items.Count: 0 }:
                text.Append("[]");
                break;
            case ExpressionValue.Row row:
                Between(text, ('[', ']'), row.Items, indent, one => Append(text, one, indent + 2, lettersMax));
                break;
            case ExpressionValue.Group { Entries.Count: 0 }:
                text.Append("{}");
                break;
            case ExpressionValue.Group group:
                Between(
                    text,
                    ('{', '}'),
                    group.Entries,
                    indent,
                    one =>
                    {
                        Append(text, one.Key);
                        text.Append(": ");
                        Append(text, one.Value, indent + 2, lettersMax);
                    }
                );
                break;
            default:
                text.Append(value);
                break;
        }
    }

    private static void Between<T>(
        StringBuilder text,
        (char Open, char Close) signs,
        IReadOnlyCollection<T> items,
        int indent,
        Action<T> append
    )
    {
        text.Append(signs.Open);
        var count = 0;
        foreach (var item in items)
        {
            text.Append(count++ == 0 ? "\n" : ",\n").Append(' ', indent + 2);
            append(item);
        }
        text.Append('\n').Append(' ', indent).Append(signs.Close);
    }

    private static void Append(StringBuilder text, string words)
    {
        text.Append('"');
        foreach (var letter in words)
        {
            _ = letter switch
            {
                '"' or '\\' => text.Append('\\').Append(letter),
                '\n' => text.Append("\\n"),
                '\r' => text.Append("\\r"),
                '\t' => text.Append("\\t"),
                '\b' => text.Append("\\b"),
                '\f' => text.Append("\\f"),
                < ' ' => text.Append(CultureInfo.InvariantCulture, $"\\u{(int)letter:x4}"),
                _ => text.Append(letter),
            };
        }
        text.Append('"');
    }

    /// <summary>JSON may name half a letter, which .NET refuses to read.</summary>
    private static string Words(JsonElement json)
    {
        try
        {
            return json.GetString() ?? "";
        }
        catch (InvalidOperationException)
        {
            return "\uFFFD";
        }
    }
}
