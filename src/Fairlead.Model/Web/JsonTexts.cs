using System.Text.Json;

namespace Fairlead.Model.Web;

/// <summary>Looks through JSON of others. Half of a surrogate pair can be written in it, and nobody can read or compare it.</summary>
public static class JsonTexts
{
    /// <summary>Reads all of it once, and keeps nothing.</summary>
    /// <exception cref="JsonException">It is no JSON, or has a text that is none.</exception>
    /// <param name="json">All of it.</param>
    /// <param name="depthMax">Levels that are read.</param>
    public static void Check(ReadOnlySpan<byte> json, int depthMax = 64)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = depthMax });
        while (reader.Read())
        {
            if (reader is { TokenType: JsonTokenType.String or JsonTokenType.PropertyName, ValueIsEscaped: true })
            {
                Check(ref reader);
            }
        }
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
