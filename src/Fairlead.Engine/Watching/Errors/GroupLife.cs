using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Fairlead.Model.Telemetry;

namespace Fairlead.Engine.Watching.Errors;

/// <summary>What an event makes of its group, and what people make of it. Pure; events may come in any order.</summary>
public static class GroupLife
{
    /// <summary>The group once it was seen.</summary>
    /// <param name="group">Null for the first time.</param>
    public static ErrorGroup After(ErrorGroup? group, Sighting seen)
    {
        var one = seen.Event;
        var next = group is null
            ? new ErrorGroup
            {
                Id = seen.Group,
                Site = seen.Site,
                Version = seen.Version,
                Title = seen.Title,
                Culprit = seen.Culprit,
                Level = one.Level,
                Service = one.Service,
                FirstSeen = one.At,
                LastSeen = one.At,
                FirstRelease = one.Release,
                LastRelease = one.Release,
                Count = 1,
            }
            : group with
            {
                Level = one.Level > group.Level ? one.Level : group.Level,
                FirstSeen = one.At < group.FirstSeen ? one.At : group.FirstSeen,
                LastSeen = one.At > group.LastSeen ? one.At : group.LastSeen,
                FirstRelease = Least(group.FirstRelease, one.Release),
                LastRelease = Most(group.LastRelease, one.Release),
                Count = group.Count + 1,
            };
        next = one.User is { } user ? next with { Users = next.Users.With(Hash(user)) } : next;
        return next.Status switch
        {
            GroupStatus.Resolved when IsBack(next, one) => next with
            {
                Status = GroupStatus.Regressed,
                RegressedIn = one.Release ?? next.LastRelease,
                ResolvedAt = null,
                ResolvedIn = null,
            },
            GroupStatus.Ignored when IsEnough(next, one) => next with
            {
                Status = GroupStatus.Unresolved,
                IgnoredUntil = null,
                IgnoredUntilCount = null,
            },
            _ => next,
        };
    }

    /// <param name="release">Fixed from this release on; null for at once.</param>
    public static ErrorGroup Resolve(ErrorGroup group, int? release, DateTimeOffset now) =>
        Open(group) with
        {
            Status = GroupStatus.Resolved,
            ResolvedAt = now,
            ResolvedIn = release,
        };

    /// <param name="more">Until it was seen so many times more; null for no such limit.</param>
    public static ErrorGroup Ignore(ErrorGroup group, long? more, DateTimeOffset? until) =>
        Open(group) with
        {
            Status = GroupStatus.Ignored,
            IgnoredUntil = until,
            IgnoredUntilCount = group.Count + more,
        };

    public static ErrorGroup Reopen(ErrorGroup group) => Open(group);

    /// <summary>The release brought it: first seen there, or back there after it had been resolved.</summary>
    public static bool IsNewIn(ErrorGroup group, int release) =>
        group.Status is not (GroupStatus.Ignored or GroupStatus.Resolved)
        && (group.FirstRelease == release || (group.Status is GroupStatus.Regressed && group.RegressedIn == release));

    private static ErrorGroup Open(ErrorGroup group) =>
        group with
        {
            Status = GroupStatus.Unresolved,
            ResolvedAt = null,
            ResolvedIn = null,
            IgnoredUntil = null,
            IgnoredUntilCount = null,
            RegressedIn = null,
        };

    // Releases before the fix may still run for a while; and an event that waited on its way is no news.
    private static bool IsBack(ErrorGroup group, ErrorEvent one) =>
        group.ResolvedIn is { } fixedIn ? one.Release >= fixedIn : one.At > group.ResolvedAt;

    private static bool IsEnough(ErrorGroup group, ErrorEvent one) =>
        group.Count > group.IgnoredUntilCount || one.At >= group.IgnoredUntil;

    private static int? Least(int? left, int? right) => left is null || right < left ? right ?? left : left;

    private static int? Most(int? left, int? right) => left is null || right > left ? right ?? left : left;

    private static ulong Hash(string user) =>
        BinaryPrimitives.ReadUInt64BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(user)));
}
