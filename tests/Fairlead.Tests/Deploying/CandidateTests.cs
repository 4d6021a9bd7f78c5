using System.Runtime.CompilerServices;
using Fairlead.Engine.Deploying;
using Fairlead.Model.Alerting;
using Fairlead.Model.Apps;
using Fairlead.Model.Monitoring;
using Fairlead.Model.Releases;

namespace Fairlead.Tests.Deploying;

public sealed class CandidateTests
{
    [Fact]
    public void A_release_that_is_made_once_more_keeps_all_that_it_was()
    {
        var release = new Release
        {
            Site = new("shop", "production"),
            Number = 3,
            Services = [],
            Hosts = ["shop.example.com"],
            Source = "/srv/shop",
            Commit = "3f0c9a51",
            CommittedAt = DateTimeOffset.UnixEpoch,
            NeedsProvenance = true,
            Tls = Some<TlsPolicy>(),
            Protection = Some<Protection>(),
            Data = [],
            Databases = [],
            Watch = Some<WatchSettings>(),
            Monitors = Some<AppMonitors>(),
            At = DateTimeOffset.UnixEpoch,
        };

        var again = Candidate.Of(release, []);

        Assert.All(
            typeof(Candidate).GetProperties().Where(static one => one.Name != nameof(Candidate.Services)),
            property =>
            {
                if (typeof(Release).GetProperty(property.Name)?.GetValue(release) is not { } before)
                {
                    Assert.True(
                        typeof(Release).GetProperty(property.Name) is null,
                        $"Give {property.Name} a value above."
                    );
                    return;
                }
                Assert.True(Equals(before, property.GetValue(again)), $"{property.Name} is lost.");
            }
        );
    }

    // What is in it does not matter.
    private static T Some<T>()
        where T : class => (T)RuntimeHelpers.GetUninitializedObject(typeof(T));
}
