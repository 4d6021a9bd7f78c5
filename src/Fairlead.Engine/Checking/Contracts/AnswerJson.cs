using System.Text.Json;
using Fairlead.Model.Web;

namespace Fairlead.Engine.Checking.Contracts;

/// <summary>Reads JSON that somebody's service answered.</summary>
internal static class AnswerJson
{
    /// <exception cref="JsonException">It is no JSON, or has a text that is none.</exception>
    /// <param name="body">The answer.</param>
    /// <param name="depthMax">Levels that are read.</param>
    public static JsonElement Read(ReadOnlySpan<byte> body, int depthMax = 64)
    {
        JsonTexts.Check(body, depthMax);
        var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = depthMax });
        return JsonElement.ParseValue(ref reader);
    }
}
