using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Fairlead.Model.Security;

/// <summary>
/// SHA-256 over a list of fields. Each field is written as <c>length:bytes;</c> in UTF-8 and a missing one as <c>-;</c>, so no
/// two lists of fields give the same bytes, whatever the fields hold.
/// </summary>
public sealed class CanonicalHash : IDisposable
{
    private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    public CanonicalHash Add(string? field)
    {
        if (field is null)
        {
            hash.AppendData("-;"u8);
            return this;
        }
        var bytes = Encoding.UTF8.GetBytes(field);
        hash.AppendData(Encoding.ASCII.GetBytes(bytes.Length.ToString(CultureInfo.InvariantCulture)));
        hash.AppendData(":"u8);
        hash.AppendData(bytes);
        hash.AppendData(";"u8);
        return this;
    }

    public CanonicalHash Add(long field) => Add(field.ToString(CultureInfo.InvariantCulture));

    /// <summary>A list says its own length first, so that what follows it cannot be taken for a part of it.</summary>
    public CanonicalHash Add(IReadOnlyCollection<string> fields)
    {
        Add(fields.Count);
        foreach (var field in fields)
        {
            Add(field);
        }
        return this;
    }

    /// <summary>The hash in 64 lower-case hex digits; the object begins anew.</summary>
    public string Finish() => Convert.ToHexStringLower(hash.GetHashAndReset());

    public void Dispose() => hash.Dispose();
}
