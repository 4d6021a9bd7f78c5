using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Fairlead.Faces.Cli.Reading;

/// <summary>Turns the text of one value into JSON.</summary>
internal static class Values
{
    /// <summary>Null when the text is no value of that kind.</summary>
    public static JsonNode? Read(Option option, string text) =>
        option.Kind switch
        {
            OptionKind.Flag => text switch
            {
                "true" or "yes" => true,
                "false" or "no" => false,
                _ => null,
            },
            OptionKind.Whole => long.TryParse(
                text,
                NumberStyles.AllowLeadingSign,
                CultureInfo.InvariantCulture,
                out var whole
            )
                ? whole
                : null,
            OptionKind.Number => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            && double.IsFinite(number)
                ? number
                : null,
            OptionKind.Choice => option.Choices.FirstOrDefault(choice =>
                string.Equals(choice, text, StringComparison.OrdinalIgnoreCase)
            ),
            OptionKind.Json => Json(text),
            _ => text,
        };

    private static JsonNode? Json(string text)
    {
        try
        {
            return JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
