namespace Fairlead.Model.Security;

/// <summary>The mask in force now. Whoever knows the secrets replaces it when they change; everyone else only asks it.</summary>
public sealed class LiveMask
{
    private volatile SecretMask now = SecretMask.None;

    public SecretMask Now
    {
        get => now;
        set => now = value;
    }

    /// <summary>The same text with secrets hidden; the very same string when it has none.</summary>
    public string Masked(string text) => now.Masked(text);
}
