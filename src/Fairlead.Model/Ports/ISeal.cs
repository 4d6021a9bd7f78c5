namespace Fairlead.Model.Ports;

/// <summary>Seals short secrets that must be read again, so that the database alone gives none of them away.</summary>
public interface ISeal
{
    /// <param name="purpose">What it is for: it opens for nothing else.</param>
    string Seal(string secret, string purpose);

    /// <summary>Null when it was not sealed by us, or for another purpose.</summary>
    string? Open(string text, string purpose);
}
