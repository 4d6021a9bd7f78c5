using Fairlead.Engine.Aws.Ecs;
using Fairlead.Engine.Aws.Lambda;
using Fairlead.Engine.Aws.Sites;
using Fairlead.Engine.Imaging;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;

namespace Fairlead.Engine.Aws;

/// <summary>What is needed to run services at AWS.</summary>
public sealed class AwsPorts
{
    private readonly IReadOnlyList<IAwsKind> kinds;

    /// <param name="artifacts">Lists artifacts, opens one by its digest, and sends images.</param>
    /// <param name="words">What files of sites are.</param>
    public AwsPorts(
        IAws aws,
        AwsSites sites,
        (IArtifactPapers Papers, Func<string, IFileTree> Open, SentImages Images) artifacts,
        SiteWords words,
        World world
    )
    {
        (Aws, Sites, World) = (aws, sites, world);
        var files = new AwsArtifacts(artifacts.Papers, artifacts.Open, artifacts.Images);
        kinds = [new LambdaKind(aws, files, world), new SiteKind(aws, files, words), new EcsKind(aws, files, world)];
        Looks = new(this);
    }

    public IAws Aws { get; }

    public AwsSites Sites { get; }

    public World World { get; }

    internal AwsLooks Looks { get; }

    internal IAwsKind KindOf(AwsPlace place) => kinds.First(one => one.Runs(place));
}
