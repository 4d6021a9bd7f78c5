using System.Globalization;
using System.Text;
using Fairlead.Model.Ports;

namespace Fairlead.Tests.Aws;

/// <summary>RDS as its API reference says that it answers: with an instance, and snapshots that take their time.</summary>
internal sealed class PlayedRds(TimeProvider time) : IAws
{
    public sealed record Kept(string Name, DateTimeOffset At, Dictionary<string, string> Tags)
    {
        public string Of { get; init; } = "shop-db";

        public string Status { get; set; } = "available";
    }

    public List<Kept> Snapshots { get; } = [];

    public List<string> Asked { get; } = [];

    /// <summary>How long one takes.</summary>
    public TimeSpan Takes { get; set; } = TimeSpan.FromMinutes(3);

    /// <summary>What it says to an order in the place of taking a snapshot, by how many were asked for before; null to take it.</summary>
    public Func<int, string?> Refuses { get; set; } = static _ => null;

    /// <summary>It does what it is told, and its answer is lost.</summary>
    public int AnswersLost { get; set; }

    /// <summary>What becomes of snapshots.</summary>
    public string EndsAs { get; set; } = "available";

    public string Region => "eu-central-1";

    public Uri AddressOf(AwsCall call) => new("http://127.0.0.1");

    public Task<AwsAnswer> AskAsync(AwsCall call, CancellationToken stop)
    {
        var fields = Encoding
            .UTF8.GetString(call.Body.Span)
            .Split('&')
            .Select(static one => one.Split('='))
            .ToDictionary(static one => one[0], static one => Uri.UnescapeDataString(one[1]), StringComparer.Ordinal);
        Asked.Add(call.Action);
        return Task.FromResult(
            call.Action switch
            {
                "CreateDBSnapshot" => Create(fields),
                "DeleteDBSnapshot" => Delete(fields["DBSnapshotIdentifier"]),
                _ => Describe(fields),
            }
        );
    }

    private AwsAnswer Create(Dictionary<string, string> fields)
    {
        if (Refuses(Asked.Count(static one => one == "CreateDBSnapshot") - 1) is { } code)
        {
            return new(400, []) { Code = code, Message = $"told to: {code}" };
        }
        var tags = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var index = 1; fields.TryGetValue($"Tags.Tag.{index}.Key", out var key); index++)
        {
            tags[key] = fields[$"Tags.Tag.{index}.Value"];
        }
        Snapshots.Add(new(fields["DBSnapshotIdentifier"], time.GetUtcNow(), tags) { Status = "creating" });
        if (AnswersLost-- > 0)
        {
            throw new Model.Problems.ProblemException(
                new Model.Problems.Problem("aws.unreachable", "AWS does not answer.", "It was lost.", "Wait.")
                {
                    Trouble = Model.Problems.Trouble.Unreachable,
                }
            );
        }
        return new(200, "<CreateDBSnapshotResponse/>"u8.ToArray());
    }

    private AwsAnswer Delete(string name)
    {
        Snapshots.RemoveAll(one => one.Name == name);
        return new(200, "<DeleteDBSnapshotResponse/>"u8.ToArray());
    }

    private AwsAnswer Describe(Dictionary<string, string> fields)
    {
        foreach (var one in Snapshots.Where(one => one.Status == "creating" && time.GetUtcNow() - one.At >= Takes))
        {
            one.Status = EndsAs;
        }
        var found = fields.TryGetValue("DBSnapshotIdentifier", out var name)
            ? Snapshots.Where(one => one.Name == name).ToList()
            : Snapshots.Where(one => one.Of == fields["DBInstanceIdentifier"]).ToList();
        return name is not null && found.Count == 0
            ? new(404, []) { Code = "DBSnapshotNotFound" }
            : new(
                200,
                Encoding.UTF8.GetBytes(
                    $"<R xmlns=\"http://rds.amazonaws.com/doc/2014-10-31/\"><DBSnapshots>{string.Concat(found.Select(Xml))}</DBSnapshots></R>"
                )
            );
    }

    private string Xml(Kept one) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"<DBSnapshot><DBSnapshotIdentifier>{one.Name}</DBSnapshotIdentifier><DBInstanceIdentifier>{one.Of}</DBInstanceIdentifier><SnapshotCreateTime>{one.At:O}</SnapshotCreateTime><Status>{one.Status}</Status><PercentProgress>{(one.Status == "creating" ? (int)((time.GetUtcNow() - one.At) * 100 / Takes) : 100)}</PercentProgress><TagList>{string.Concat(one.Tags.Select(static tag => $"<Tag><Key>{tag.Key}</Key><Value>{tag.Value}</Value></Tag>"))}</TagList></DBSnapshot>"
        );
}
