namespace Fairlead.Roles.Edge.Steering;

/// <summary>A hash that is the same in every process and version: where a user stands must outlive the edge.</summary>
internal static class StableHash
{
    // FNV-1a, http://www.isthe.com/chongo/tech/comp/fnv/
    private const ulong Offset = 14_695_981_039_346_656_037;
    private const ulong Prime = 1_099_511_628_211;

    public static ulong Of(ReadOnlySpan<char> text, ulong salt = Offset)
    {
        var hash = salt;
        foreach (var letter in text)
        {
            hash = unchecked((hash ^ letter) * Prime);
        }
        return hash;
    }

    /// <summary>Where a user stands among all users of a service, evenly spread over all of uint.</summary>
    public static uint Point(ReadOnlySpan<char> user, ulong salt)
    {
        // FNV alone leaves its high bits nearly alike for texts that differ at their end; MurmurHash3's last step does not.
        var hash = Of(user, salt);
        hash = unchecked((hash ^ hash >> 33) * 0xFF51_AFD7_ED55_8CCD);
        hash = unchecked((hash ^ hash >> 33) * 0xC4CE_B9FE_1A85_EC53);
        return (uint)((hash ^ hash >> 33) >> 32);
    }
}
