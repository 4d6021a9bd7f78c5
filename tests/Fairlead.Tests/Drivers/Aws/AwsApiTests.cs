using System.Net;
using System.Text;
using Fairlead.Drivers.Aws;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;

namespace Fairlead.Tests.Drivers.Aws;

public sealed class AwsApiTests
{
    private static readonly AwsCall Call = new("lambda", "GetFunction", "GET", "/2015-03-31/functions/api");

    [Theory]
    [InlineData(400, """{"__type":"com.amazon#ExpiredTokenException","message":"over"}""", "aws.expired")]
    [InlineData(403, """{"message":"The security token included in the request is expired"}""", "aws.denied")]
    [InlineData(
        403,
        "<ErrorResponse><Error><Code>SignatureDoesNotMatch</Code><Message>m</Message></Error></ErrorResponse>",
        "aws.wrong-credentials"
    )]
    [InlineData(403, "<Error><Code>AccessDenied</Code><Message>no</Message></Error>", "aws.denied")]
    [InlineData(400, """{"__type":"CodeStorageExceededException","Message":"75 GB"}""", "aws.quota")]
    [InlineData(404, """{"__type":"ResourceNotFoundException","Message":"none"}""", null)]
    [InlineData(500, "not XML <", null)]
    [InlineData(400, """{"__type":"ClientException\ud800","message":"half of a letter"}""", null)]
    public void Refusals_that_have_nothing_to_do_with_what_was_asked_are_problems(int status, string body, string? code)
    {
        using var response = new HttpResponseMessage((HttpStatusCode)status);
        Assert.Equal(code, AwsRefusals.Of(Call, AwsRefusals.Read(response, Encoding.UTF8.GetBytes(body)))?.Code);
    }

    [Fact]
    public void Reasons_are_read_wherever_a_service_puts_them()
    {
        using var response = new HttpResponseMessage(HttpStatusCode.Conflict);
        response.Headers.Add("x-amzn-ErrorType", "ResourceConflictException:http://internal.amazon.com/");
        var answer = AwsRefusals.Read(response, """{"Message":"An update is in progress"}"""u8.ToArray());
        Assert.Equal(("ResourceConflictException", "An update is in progress"), (answer.Code, answer.Message));
    }

    [Theory]
    [InlineData("lambda", null, false, null, "https://lambda.eu-central-1.amazonaws.com/")]
    [InlineData("lambda", "cn-north-1", false, null, "https://lambda.cn-north-1.amazonaws.com.cn/")]
    [InlineData("cloudfront", "eu-west-1", true, null, "https://cloudfront.amazonaws.com/")]
    [InlineData("s3", null, false, "shop", "https://shop.s3.eu-central-1.amazonaws.com/")]
    [InlineData("s3", null, false, "shop.example.com", "https://s3.eu-central-1.amazonaws.com/shop.example.com")]
    public void Each_service_has_its_own_address(
        string service,
        string? region,
        bool isGlobal,
        string? bucket,
        string address
    )
    {
        using var http = new HttpClient();
        var call = new AwsCall(service, "A", "GET", "/")
        {
            Region = region,
            IsGlobal = isGlobal,
            Bucket = bucket,
        };
        Assert.Equal(address, Api(http, new Dictionary<string, string>()).AddressOf(call).AbsoluteUri);
    }

    [Fact]
    public void Somebody_may_say_where_AWS_is_for_all_of_it_or_for_one_service()
    {
        using var http = new HttpClient();
        var variables = new Dictionary<string, string>
        {
            ["AWS_ENDPOINT_URL"] = "http://127.0.0.1:5000/",
            ["AWS_ENDPOINT_URL_S3"] = "http://127.0.0.1:9000",
        };
        var api = Api(http, variables);
        Assert.Equal("http://127.0.0.1:5000/", api.AddressOf(Call).AbsoluteUri);
        Assert.Equal(
            "http://127.0.0.1:9000/shop",
            api.AddressOf(new("s3", "A", "GET", "/") { Bucket = "shop" }).AbsoluteUri
        );
    }

    [Fact]
    public async Task What_was_turned_away_is_asked_again_and_not_for_ever()
    {
        using var busy = new Answering(400, """{"__type":"ThrottlingException","message":"Rate exceeded"}""");
        using var http = new HttpClient(busy);
        var caught = await Assert.ThrowsAsync<ProblemException>(() =>
            Api(http, new Dictionary<string, string>()).AskAsync(Call, TestContext.Current.CancellationToken)
        );
        Assert.Equal(("aws.busy", 7), (caught.Problem.Code, busy.Asked));
    }

    [Fact]
    public void Pauses_grow_to_a_limit_and_differ()
    {
        var random = new Random(1);
        double[] pauses = [.. Enumerable.Range(1, 12).Select(tries => AwsApi.PauseAfter(tries, random).TotalSeconds)];
        Assert.All(pauses, one => Assert.InRange(one, 0.1, 8));
        Assert.Equal(pauses.Length, pauses.Distinct().Count());
    }

    private static AwsApi Api(HttpClient http, Dictionary<string, string> variables) =>
        new(
            http,
            () => new("AKIDEXAMPLE", "secret"),
            variables.GetValueOrDefault,
            new World(new Hasty(), new Random(1))
        )
        {
            Region = "eu-central-1",
        };

    /// <summary>Waits are over at once.</summary>
    private sealed class Hasty : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            System.CreateTimer(
                callback,
                state,
                // Limits of a whole request are none of the waits.
                dueTime < TimeSpan.FromSeconds(30)
                    ? TimeSpan.Zero
                    : dueTime,
                period
            );
    }

    private sealed class Answering(int status, string body) : HttpMessageHandler
    {
        public int Asked { get; private set; }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken stop)
        {
            Asked++;
            return Task.FromResult(
                new HttpResponseMessage((HttpStatusCode)status) { Content = new StringContent(body) }
            );
        }
    }
}
