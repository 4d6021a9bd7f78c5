using Fairlead.Drivers.Aws;
using Fairlead.Model.Problems;

namespace Fairlead.Tests.Drivers.Aws;

public sealed class AwsKeyChainTests : IDisposable
{
    private readonly DirectoryInfo home = Directory.CreateTempSubdirectory("fl-aws-");
    private readonly Dictionary<string, string> variables = new(StringComparer.Ordinal);

    public AwsKeyChainTests()
    {
        variables["HOME"] = home.FullName;
        home.CreateSubdirectory(".aws");
    }

    public void Dispose() => home.Delete(recursive: true);

    [Fact]
    public void Variables_go_before_files_and_the_profile_that_is_named_before_the_usual_one()
    {
        Write(
            "credentials",
            """
            # of the team
            [default]
            aws_access_key_id = USUAL
            aws_secret_access_key=a#b  ; what it is for
            [ team ]
            AWS_ACCESS_KEY_ID=TEAM
            aws_secret_access_key = c=d
            aws_session_token = e
            """
        );
        Write("config", "[default]\nregion = us-west-2\ns3 =\n  region = no\n[profile team]\nregion=eu-central-1\n");
        Assert.Equal((new AwsKeys("USUAL", "a#b"), "us-west-2"), (Chain.Keys(), Chain.Region()));

        variables["AWS_PROFILE"] = "team";
        Assert.Equal(
            (new AwsKeys("TEAM", "c=d") { SessionToken = "e" }, "eu-central-1"),
            (Chain.Keys(), Chain.Region())
        );

        (variables["AWS_ACCESS_KEY_ID"], variables["AWS_SECRET_ACCESS_KEY"]) = ("OWN", "f");
        variables["AWS_REGION"] = "ap-south-1";
        Assert.Equal((new AwsKeys("OWN", "f"), "ap-south-1"), (Chain.Keys(), Chain.Region()));
    }

    [Fact]
    public void Without_any_it_says_where_it_looked()
    {
        Write("credentials", "[default]\naws_access_key_id = HALF\n");
        var problem = Assert.Throws<ProblemException>(() => Chain.Keys()).Problem;
        Assert.Equal("aws.no-credentials", problem.Code);
        Assert.Contains(Path.Combine(home.FullName, ".aws/credentials"), problem.Why, StringComparison.Ordinal);
        Assert.Null(Chain.Region());
    }

    private AwsKeyChain Chain => new(variables.GetValueOrDefault);

    private void Write(string name, string text) => File.WriteAllText(Path.Combine(home.FullName, ".aws", name), text);
}
