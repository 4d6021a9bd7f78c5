using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Fairlead.Model.Web;

/// <summary>Looks through JSON of others. Half of a surrogate pair can be written in it, and nobody can read or compare it.</summary>
public static class JsonTexts
{
    private static readonly UTF8Encoding Strict = new(
        encoderShouldEmitUTF8Identifier: false,
        throwOnInvalidBytes: true
    );

    /// <summary>Reads what can only be meant in one way: each name once, and every text one that can be asked for.</summary>
    /// <param name="json">All of it.</param>
    /// <param name="depthMax">Levels that are read.</param>
    /// <exception cref="JsonException">It is no JSON, says a name twice, or has a text that is none.</exception>
    public static JsonNode? Read(ReadOnlySpan<byte> json, int depthMax = 64)
    {
        var read = json.StartsWith(Encoding.UTF8.Preamble) ? json[Encoding.UTF8.Preamble.Length..] : json;
        Check(read, depthMax);
        return JsonNode.Parse(read, nodeOptions: null, new() { MaxDepth = depthMax, AllowDuplicateProperties = false });
    }

    /// <inheritdoc cref="Read(ReadOnlySpan{byte}, int)"/>
    public static JsonNode? Read(string json, int depthMax = 64)
    {
        try
        {
            return Read(Strict.GetBytes(json), depthMax);
        }
        catch (EncoderFallbackException caught)
        {
            throw new JsonException("A text has half of a surrogate pair.", caught);
        }
    }

    /// <inheritdoc cref="Read(ReadOnlySpan{byte}, int)"/>
    public static async Task<JsonNode?> ReadAsync(Stream json, CancellationToken stop)
    {
        using var whole = new MemoryStream();
        await json.CopyToAsync(whole, stop);
        return Read(whole.GetBuffer().AsSpan(0, (int)whole.Length));
    }

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
