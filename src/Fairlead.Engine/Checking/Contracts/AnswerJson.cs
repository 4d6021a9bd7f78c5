using System.Text.Json;
using Fairlead.Model.Web;

namespace Fairlead.Engine.Checking.Contracts;

/// <summary>Reads JSON that somebody's service answered.</summary>
internal static class AnswerJson
{
    /// <exception cref="JsonException">It is no JSON, or has a text that is none.</exception>
    public static JsonElement Read(ReadOnlySpan<byte> body)
    {
        JsonTexts.Check(body);
        var reader = new Utf8JsonReader(body);
        return JsonElement.ParseValue(ref reader);
    }
}
