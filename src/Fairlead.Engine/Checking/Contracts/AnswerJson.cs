using System.Text.Json;

namespace Fairlead.Engine.Checking.Contracts;

/// <summary>Reads JSON that somebody's service answered. Half a surrogate pair is JSON and no text: nobody could compare it, so it is refused here.</summary>
internal static class AnswerJson
{
    /// <exception cref="JsonException">It is no JSON, or has such a text.</exception>
    /// <param name="depthMax">Levels that are read.</param>
    public static JsonElement Read(ReadOnlySpan<byte> body, int depthMax = 64)
    {
        var options = new JsonReaderOptions { MaxDepth = depthMax };
        var reader = new Utf8JsonReader(body, options);
        while (reader.Read())
        {
            if (reader is { TokenType: JsonTokenType.String or JsonTokenType.PropertyName, ValueIsEscaped: true })
            {
                Check(ref reader);
            }
        }
        reader = new(body, options);
        return JsonElement.ParseValue(ref reader);
    }

    private static void Check(ref Utf8JsonReader reader)
    {
        try
        {
            _ = reader.GetString();
        }
        catch (InvalidOperationException caught)
        {
            throw new JsonException("A text has half of a surrogate pair.", caught);
        }
    }
}
