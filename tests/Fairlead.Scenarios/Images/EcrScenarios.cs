using System.Globalization;
using Fairlead.Drivers.Aws;
using Fairlead.Drivers.Registries;
using Fairlead.Model.Images;
using Fairlead.Model.Ports;
using Fairlead.Scenarios.Aws;
using Fairlead.Scenarios.Certificates;
using Fairlead.Scenarios.Collecting;

namespace Fairlead.Scenarios.Images;

/// <summary>Logins of Amazon's registries, against moto, which plays AWS.</summary>
public sealed class EcrScenarios
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Ecr_gives_a_login_for_its_own_registries_and_for_no_other()
    {
        var program = PebbleUnderTest.Program("moto_server");
        Assert.SkipWhen(program is null, "moto_server is not installed (Python package moto[server])");
        var port = RealPeer.FreePort();
        await using var moto = await RealPeer.StartAsync(
            (program!, ["-H", "127.0.0.1", "-p", port.ToString(CultureInfo.InvariantCulture)]),
            RealPeer.NewFolder(),
            () => RealPeer.ListensAsync(port)
        );
        using var http = new HttpClient();
        var variables = new Dictionary<string, string>
        {
            ["AWS_ACCESS_KEY_ID"] = "x",
            ["AWS_SECRET_ACCESS_KEY"] = "y",
            ["AWS_ENDPOINT_URL"] = $"http://127.0.0.1:{port}/",
        };
        var world = new World(TimeProvider.System, new Random(1));
        var ecr = new EcrCredentials(region => AwsJson.Of(http, variables.GetValueOrDefault, region, world));
        var login = await ecr.FindAsync("123456789012.dkr.ecr.eu-west-1.amazonaws.com", Stop);
        Assert.Equal(("AWS", "ECR"), (login!.User, login.From));
        Assert.NotEmpty(login.Password);
        Assert.Null(await ecr.FindAsync("123456789012.dkr.ecr.eu-west-1.amazonaws.com.evil.com", Stop));
        Assert.Null(await ecr.FindAsync("ghcr.io", Stop));
    }

    [Fact]
    public async Task A_repository_is_made_before_the_first_image_with_tags_that_stay_and_a_look_for_holes()
    {
        const string Ecr = "AmazonEC2ContainerRegistry_V20150921";
        await using var moto = await MotoUnderTest.StartAsync();
        using var http = new HttpClient();
        var world = new World(TimeProvider.System, new Random(1));
        var repositories = new EcrRepositories(AwsApi.Of(http, moto.Env.GetValueOrDefault, world));
        var image = ImageReference.TryParse(
            $"123456789012.dkr.ecr.{MotoUnderTest.Region}.amazonaws.com/orders/api:7",
            out _
        )!;

        await repositories.EnsureAsync(image, Stop);
        // Another server finds it.
        await new EcrRepositories(AwsApi.Of(http, moto.Env.GetValueOrDefault, world)).EnsureAsync(image, Stop);
        await repositories.EnsureAsync(ImageReference.TryParse("ghcr.io/orders/web:7", out _)!, Stop);

        var made = await moto.TargetAsync("ecr", Ecr, "DescribeRepositories", []);
        var one = Assert.Single(made["repositories"]!.AsArray())!;
        Assert.Equal(
            ("orders/api", "IMMUTABLE", true),
            (
                one["repositoryName"]!.GetValue<string>(),
                one["imageTagMutability"]!.GetValue<string>(),
                one["imageScanningConfiguration"]!["scanOnPush"]!.GetValue<bool>()
            )
        );
    }
}
