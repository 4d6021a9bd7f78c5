namespace Fairlead.Drivers.Http;

/// <summary>Reads bodies that strangers send, up to a size.</summary>
internal static class BoundedBody
{
    /// <exception cref="IOException">The body is larger.</exception>
    public static async Task<byte[]> ReadAsync(HttpContent content, int bytesMax, CancellationToken stop)
    {
        await using var body = await content.ReadAsStreamAsync(stop);
        using var kept = new MemoryStream();
        var buffer = new byte[8192];
        for (int count; (count = await body.ReadAsync(buffer, stop)) > 0; )
        {
            if (kept.Length + count > bytesMax)
            {
                throw new IOException($"The answer is larger than {bytesMax} bytes.");
            }
            kept.Write(buffer, 0, count);
        }
        return kept.ToArray();
    }
}
