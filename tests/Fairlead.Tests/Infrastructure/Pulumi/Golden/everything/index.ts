import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

const config = new pulumi.Config();
// Stands before the name of everything
const name = config.get("name") ?? "shop-production";
// Image of api with its digest; while there is none, no copy of it runs
const apiImage = config.get("apiImage") ?? "";
// Image of worker with its digest; while there is none, no copy of it runs
const workerImage = config.get("workerImage") ?? "";
// Where AWS keeps which image machines begin with
const machineImageParameter = config.get("machineImageParameter") ?? "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64";
// CloudFront takes certificates from there only
const usEast1 = new aws.Provider("us-east-1", {
  region: "us-east-1",
  defaultTags: { tags: { "app": "shop", "environment": "production", "managed-by": "fairlead", "team": "shop" } },
});

const region = aws.getRegionOutput();

const callerIdentity = aws.getCallerIdentityOutput();

const partition = aws.getPartitionOutput();

const network = new aws.ec2.Vpc("network", {
  cidrBlock: "10.0.0.0/16",
  enableDnsHostnames: true,
  enableDnsSupport: true,
  tags: {
    Name: pulumi.interpolate`${name}-network`,
  },
});

// Every network has this group, and lets everything in that has it: nothing may be reached by it.
const networkClosed = new aws.ec2.DefaultSecurityGroup("network-closed", {
  vpcId: network.id,
});

const networkGateway = new aws.ec2.InternetGateway("network-gateway", {
  vpcId: network.id,
  tags: {
    Name: pulumi.interpolate`${name}-network`,
  },
});

const networkPublic = new aws.ec2.RouteTable("network-public", {
  vpcId: network.id,
  tags: {
    Name: pulumi.interpolate`${name}-public`,
  },
  routes: [
    {
      cidrBlock: "0.0.0.0/0",
      gatewayId: networkGateway.id,
    },
  ],
});

const publicAAddress = new aws.ec2.Eip("public-a-address", {
  domain: "vpc",
  tags: {
    Name: pulumi.interpolate`${name}-exit-1`,
  },
});

const availabilityZones = aws.getAvailabilityZonesOutput({
  state: "available",
});

const publicA = new aws.ec2.Subnet("public-a", {
  vpcId: network.id,
  cidrBlock: "10.0.0.0/20",
  availabilityZone: availabilityZones.names[0],
  tags: {
    Name: pulumi.interpolate`${name}-public-a`,
  },
});

const publicAExit = new aws.ec2.NatGateway("public-a-exit", {
  allocationId: publicAAddress.id,
  subnetId: publicA.id,
  tags: {
    Name: pulumi.interpolate`${name}-exit-1`,
  },
});

const publicBAddress = new aws.ec2.Eip("public-b-address", {
  domain: "vpc",
  tags: {
    Name: pulumi.interpolate`${name}-exit-2`,
  },
});

const publicB = new aws.ec2.Subnet("public-b", {
  vpcId: network.id,
  cidrBlock: "10.0.16.0/20",
  availabilityZone: availabilityZones.names[1],
  tags: {
    Name: pulumi.interpolate`${name}-public-b`,
  },
});

const publicBExit = new aws.ec2.NatGateway("public-b-exit", {
  allocationId: publicBAddress.id,
  subnetId: publicB.id,
  tags: {
    Name: pulumi.interpolate`${name}-exit-2`,
  },
});

const networkPrivate1 = new aws.ec2.RouteTable("network-private-1", {
  vpcId: network.id,
  tags: {
    Name: pulumi.interpolate`${name}-private-1`,
  },
  routes: [
    {
      cidrBlock: "0.0.0.0/0",
      natGatewayId: publicAExit.id,
    },
  ],
});

const networkPrivate2 = new aws.ec2.RouteTable("network-private-2", {
  vpcId: network.id,
  tags: {
    Name: pulumi.interpolate`${name}-private-2`,
  },
  routes: [
    {
      cidrBlock: "0.0.0.0/0",
      natGatewayId: publicBExit.id,
    },
  ],
});

const publicARoutes = new aws.ec2.RouteTableAssociation("public-a-routes", {
  subnetId: publicA.id,
  routeTableId: networkPublic.id,
});

const publicBRoutes = new aws.ec2.RouteTableAssociation("public-b-routes", {
  subnetId: publicB.id,
  routeTableId: networkPublic.id,
});

const privateA = new aws.ec2.Subnet("private-a", {
  vpcId: network.id,
  cidrBlock: "10.0.128.0/20",
  availabilityZone: availabilityZones.names[0],
  tags: {
    Name: pulumi.interpolate`${name}-private-a`,
  },
});

const privateARoutes = new aws.ec2.RouteTableAssociation("private-a-routes", {
  subnetId: privateA.id,
  routeTableId: networkPrivate1.id,
});

const privateB = new aws.ec2.Subnet("private-b", {
  vpcId: network.id,
  cidrBlock: "10.0.144.0/20",
  availabilityZone: availabilityZones.names[1],
  tags: {
    Name: pulumi.interpolate`${name}-private-b`,
  },
});

const privateBRoutes = new aws.ec2.RouteTableAssociation("private-b-routes", {
  subnetId: privateB.id,
  routeTableId: networkPrivate2.id,
});

const loadBalancerFirewall = new aws.ec2.SecurityGroup("load-balancer-firewall", {
  name: pulumi.interpolate`${name}-load-balancer-firewall`,
  description: "load-balancer-firewall of shop in production",
  vpcId: network.id,
  tags: {
    Name: pulumi.interpolate`${name}-load-balancer-firewall`,
  },
});

const loadBalancerFirewallIn1 = new aws.vpc.SecurityGroupIngressRule("load-balancer-firewall-in-1", {
  securityGroupId: loadBalancerFirewall.id,
  description: "visitors, who are sent to HTTPS",
  cidrIpv4: "0.0.0.0/0",
  fromPort: 80,
  toPort: 80,
  ipProtocol: "tcp",
});

const loadBalancerFirewallIn2 = new aws.vpc.SecurityGroupIngressRule("load-balancer-firewall-in-2", {
  securityGroupId: loadBalancerFirewall.id,
  description: "visitors",
  cidrIpv4: "0.0.0.0/0",
  fromPort: 443,
  toPort: 443,
  ipProtocol: "tcp",
});

const loadBalancerFirewallOut = new aws.vpc.SecurityGroupEgressRule("load-balancer-firewall-out", {
  securityGroupId: loadBalancerFirewall.id,
  description: "whatever it calls",
  cidrIpv4: "0.0.0.0/0",
  ipProtocol: "-1",
});

const certificate = new aws.acm.Certificate("certificate", {
  domainName: "shop.example.com",
  subjectAlternativeNames: ["www.shop.example.com"],
  validationMethod: "DNS",
});

// There already, and of more than one app: nobody makes or removes it here.
const zone = aws.route53.getZoneOutput({
  name: "example.com",
});

const certificateProof = new aws.route53.Record("certificate-proof", {
  zoneId: zone.zoneId,
  name: certificate.domainValidationOptions.apply((all) => all.find((one) => one.domainName === "shop.example.com")!.resourceRecordName),
  type: certificate.domainValidationOptions.apply((all) => all.find((one) => one.domainName === "shop.example.com")!.resourceRecordType),
  records: [
    certificate.domainValidationOptions.apply((all) => all.find((one) => one.domainName === "shop.example.com")!.resourceRecordValue),
  ],
  ttl: 60,
  allowOverwrite: true,
});

const certificateProof2 = new aws.route53.Record("certificate-proof-2", {
  zoneId: zone.zoneId,
  name: certificate.domainValidationOptions.apply((all) => all.find((one) => one.domainName === "www.shop.example.com")!.resourceRecordName),
  type: certificate.domainValidationOptions.apply((all) => all.find((one) => one.domainName === "www.shop.example.com")!.resourceRecordType),
  records: [
    certificate.domainValidationOptions.apply((all) => all.find((one) => one.domainName === "www.shop.example.com")!.resourceRecordValue),
  ],
  ttl: 60,
  allowOverwrite: true,
});

const certificateProven = new aws.acm.CertificateValidation("certificate-proven", {
  certificateArn: certificate.arn,
  validationRecordFqdns: [certificateProof.fqdn, certificateProof2.fqdn],
});

const loadBalancer = new aws.lb.LoadBalancer("load-balancer", {
  name: pulumi.interpolate`${name}-load-balancer`,
  loadBalancerType: "application",
  subnets: [publicA.id, publicB.id],
  securityGroups: [loadBalancerFirewall.id],
  enableDeletionProtection: true,
  dropInvalidHeaderFields: true,
}, { dependsOn: [networkGateway] });

const loadBalancerLegacy = new aws.lb.TargetGroup("load-balancer-legacy", {
  namePrefix: "legac-",
  vpcId: network.id,
  targetType: "instance",
  protocol: "HTTP",
  port: 8080,
  deregistrationDelay: 30,
  healthCheck: {
    path: "/",
    interval: 10,
    healthyThreshold: 2,
    matcher: "200-399",
  },
});

const loadBalancerApi = new aws.lb.TargetGroup("load-balancer-api", {
  namePrefix: "api-",
  vpcId: network.id,
  targetType: "ip",
  protocol: "HTTP",
  port: 8080,
  deregistrationDelay: 30,
  healthCheck: {
    path: "/healthz",
    interval: 10,
    healthyThreshold: 2,
    matcher: "200-399",
  },
});

const loadBalancerHttp = new aws.lb.Listener("load-balancer-http", {
  loadBalancerArn: loadBalancer.arn,
  port: 80,
  protocol: "HTTP",
  defaultActions: [
    {
      type: "redirect",
      redirect: {
        port: "443",
        protocol: "HTTPS",
        statusCode: "HTTP_301",
      },
    },
  ],
});

const loadBalancerHttps = new aws.lb.Listener("load-balancer-https", {
  loadBalancerArn: loadBalancer.arn,
  port: 443,
  protocol: "HTTPS",
  sslPolicy: "ELBSecurityPolicy-TLS13-1-2-2021-06",
  certificateArn: certificateProven.certificateArn,
  defaultActions: [
    {
      type: "fixed-response",
      fixedResponse: {
        statusCode: "404",
        contentType: "text/plain",
        messageBody: "not found",
      },
    },
  ],
});

const loadBalancerLegacyPaths = new aws.lb.ListenerRule("load-balancer-legacy-paths", {
  listenerArn: loadBalancerHttps.arn,
  priority: 10,
  actions: [
    {
      type: "forward",
      targetGroupArn: loadBalancerLegacy.arn,
    },
  ],
  conditions: [
    {
      pathPattern: {
        values: ["/old", "/old/*", "/older", "/older/*"],
      },
    },
  ],
});

const loadBalancerLegacyPaths2 = new aws.lb.ListenerRule("load-balancer-legacy-paths-2", {
  listenerArn: loadBalancerHttps.arn,
  priority: 20,
  actions: [
    {
      type: "forward",
      targetGroupArn: loadBalancerLegacy.arn,
    },
  ],
  conditions: [
    {
      pathPattern: {
        values: ["/oldest", "/oldest/*"],
      },
    },
  ],
});

const loadBalancerApiPaths = new aws.lb.ListenerRule("load-balancer-api-paths", {
  listenerArn: loadBalancerHttps.arn,
  priority: 30,
  actions: [
    {
      type: "forward",
      targetGroupArn: loadBalancerApi.arn,
    },
  ],
  conditions: [
    {
      pathPattern: {
        values: ["/api", "/api/*"],
      },
    },
  ],
});

const webFiles = new aws.s3.BucketV2("web-files", {
  bucketPrefix: pulumi.interpolate`${pulumi.interpolate`${name}-web-files`}-`,
  forceDestroy: true,
});

const webFilesShut = new aws.s3.BucketPublicAccessBlock("web-files-shut", {
  bucket: webFiles.id,
  blockPublicAcls: true,
  blockPublicPolicy: true,
  ignorePublicAcls: true,
  restrictPublicBuckets: true,
});

const webFilesOwner = new aws.s3.BucketOwnershipControls("web-files-owner", {
  bucket: webFiles.id,
  rule: {
    objectOwnership: "BucketOwnerEnforced",
  },
});

const webFilesEncryption = new aws.s3.BucketServerSideEncryptionConfigurationV2("web-files-encryption", {
  bucket: webFiles.id,
  rules: [
    {
      applyServerSideEncryptionByDefault: {
        sseAlgorithm: "AES256",
      },
    },
  ],
});

const webFilesVersions = new aws.s3.BucketVersioningV2("web-files-versions", {
  bucket: webFiles.id,
  versioningConfiguration: {
    status: "Enabled",
  },
});

const webFilesLifecycle = new aws.s3.BucketLifecycleConfigurationV2("web-files-lifecycle", {
  bucket: webFiles.id,
  rules: [
    {
      id: "parts-of-uploads-that-broke-off",
      status: "Enabled",
      filter: {},
      abortIncompleteMultipartUpload: {
        daysAfterInitiation: 7,
      },
    },
    {
      id: "what-was-written-over",
      status: "Enabled",
      filter: {},
      noncurrentVersionExpiration: {
        noncurrentDays: 30,
      },
    },
  ],
}, { dependsOn: [webFilesVersions] });

const webCdnAccess = new aws.cloudfront.OriginAccessControl("web-cdn-access", {
  name: pulumi.interpolate`${name}-web-cdn`,
  originAccessControlOriginType: "s3",
  signingBehavior: "always",
  signingProtocol: "sigv4",
});

const webCdnPaths = new aws.cloudfront.Function("web-cdn-paths", {
  name: pulumi.interpolate`${name}-web-cdn`,
  comment: "Leads paths to pages",
  runtime: "cloudfront-js-2.0",
  publish: true,
  code: "function handler(event) {\n  var request = event.request;\n  // A bucket knows files only: a folder's page is the index.html in it.\n  if (request.uri.endsWith('/')) {\n    request.uri += 'index.html';\n  } else if (request.uri.split('/').pop().indexOf('.') === -1) {\n    request.uri += '/index.html';\n  }\n  return request;\n}\n",
});

// CloudFront takes certificates from us-east-1 only.
const cdnCertificate = new aws.acm.Certificate("cdn-certificate", {
  domainName: "shop.example.com",
  subjectAlternativeNames: ["www.shop.example.com"],
  validationMethod: "DNS",
}, { provider: usEast1 });

const cdnCertificateProof = new aws.route53.Record("cdn-certificate-proof", {
  zoneId: zone.zoneId,
  name: cdnCertificate.domainValidationOptions.apply((all) => all.find((one) => one.domainName === "shop.example.com")!.resourceRecordName),
  type: cdnCertificate.domainValidationOptions.apply((all) => all.find((one) => one.domainName === "shop.example.com")!.resourceRecordType),
  records: [
    cdnCertificate.domainValidationOptions.apply((all) => all.find((one) => one.domainName === "shop.example.com")!.resourceRecordValue),
  ],
  ttl: 60,
  allowOverwrite: true,
});

const cdnCertificateProof2 = new aws.route53.Record("cdn-certificate-proof-2", {
  zoneId: zone.zoneId,
  name: cdnCertificate.domainValidationOptions.apply((all) => all.find((one) => one.domainName === "www.shop.example.com")!.resourceRecordName),
  type: cdnCertificate.domainValidationOptions.apply((all) => all.find((one) => one.domainName === "www.shop.example.com")!.resourceRecordType),
  records: [
    cdnCertificate.domainValidationOptions.apply((all) => all.find((one) => one.domainName === "www.shop.example.com")!.resourceRecordValue),
  ],
  ttl: 60,
  allowOverwrite: true,
});

const cdnCertificateProven = new aws.acm.CertificateValidation("cdn-certificate-proven", {
  certificateArn: cdnCertificate.arn,
  validationRecordFqdns: [cdnCertificateProof.fqdn, cdnCertificateProof2.fqdn],
}, { provider: usEast1 });

const webCdn = new aws.cloudfront.Distribution("web-cdn", {
  enabled: true,
  comment: "web-cdn of shop in production",
  httpVersion: "http2and3",
  isIpv6Enabled: true,
  priceClass: "PriceClass_100",
  defaultRootObject: "index.html",
  aliases: ["shop.example.com", "www.shop.example.com"],
  origins: [
    {
      originId: "files",
      domainName: webFiles.bucketRegionalDomainName,
      originAccessControlId: webCdnAccess.id,
    },
    {
      originId: "programs",
      domainName: loadBalancer.dnsName,
      customOriginConfig: {
        httpPort: 80,
        httpsPort: 443,
        originProtocolPolicy: "https-only",
        originSslProtocols: ["TLSv1.2"],
      },
    },
  ],
  defaultCacheBehavior: {
    targetOriginId: "files",
    viewerProtocolPolicy: "redirect-to-https",
    allowedMethods: ["GET", "HEAD"],
    cachedMethods: ["GET", "HEAD"],
    compress: true,
    cachePolicyId: "658327ea-f89d-4fab-a63d-7e88639e58f6",
    responseHeadersPolicyId: "67f7725c-6f97-4210-82d7-5512b31e9d03",
    functionAssociations: [
      {
        eventType: "viewer-request",
        functionArn: webCdnPaths.arn,
      },
    ],
  },
  orderedCacheBehaviors: [
    {
      pathPattern: "/old",
      targetOriginId: "programs",
      viewerProtocolPolicy: "redirect-to-https",
      allowedMethods: ["GET", "HEAD", "OPTIONS", "PUT", "PATCH", "POST", "DELETE"],
      cachedMethods: ["GET", "HEAD"],
      cachePolicyId: "4135ea2d-6df8-44a3-9df3-4b5a84be39ad",
      originRequestPolicyId: "216adef6-5c7f-47e4-b989-5492eafa07d3",
    },
    {
      pathPattern: "/old/*",
      targetOriginId: "programs",
      viewerProtocolPolicy: "redirect-to-https",
      allowedMethods: ["GET", "HEAD", "OPTIONS", "PUT", "PATCH", "POST", "DELETE"],
      cachedMethods: ["GET", "HEAD"],
      cachePolicyId: "4135ea2d-6df8-44a3-9df3-4b5a84be39ad",
      originRequestPolicyId: "216adef6-5c7f-47e4-b989-5492eafa07d3",
    },
    {
      pathPattern: "/older",
      targetOriginId: "programs",
      viewerProtocolPolicy: "redirect-to-https",
      allowedMethods: ["GET", "HEAD", "OPTIONS", "PUT", "PATCH", "POST", "DELETE"],
      cachedMethods: ["GET", "HEAD"],
      cachePolicyId: "4135ea2d-6df8-44a3-9df3-4b5a84be39ad",
      originRequestPolicyId: "216adef6-5c7f-47e4-b989-5492eafa07d3",
    },
    {
      pathPattern: "/older/*",
      targetOriginId: "programs",
      viewerProtocolPolicy: "redirect-to-https",
      allowedMethods: ["GET", "HEAD", "OPTIONS", "PUT", "PATCH", "POST", "DELETE"],
      cachedMethods: ["GET", "HEAD"],
      cachePolicyId: "4135ea2d-6df8-44a3-9df3-4b5a84be39ad",
      originRequestPolicyId: "216adef6-5c7f-47e4-b989-5492eafa07d3",
    },
    {
      pathPattern: "/oldest",
      targetOriginId: "programs",
      viewerProtocolPolicy: "redirect-to-https",
      allowedMethods: ["GET", "HEAD", "OPTIONS", "PUT", "PATCH", "POST", "DELETE"],
      cachedMethods: ["GET", "HEAD"],
      cachePolicyId: "4135ea2d-6df8-44a3-9df3-4b5a84be39ad",
      originRequestPolicyId: "216adef6-5c7f-47e4-b989-5492eafa07d3",
    },
    {
      pathPattern: "/oldest/*",
      targetOriginId: "programs",
      viewerProtocolPolicy: "redirect-to-https",
      allowedMethods: ["GET", "HEAD", "OPTIONS", "PUT", "PATCH", "POST", "DELETE"],
      cachedMethods: ["GET", "HEAD"],
      cachePolicyId: "4135ea2d-6df8-44a3-9df3-4b5a84be39ad",
      originRequestPolicyId: "216adef6-5c7f-47e4-b989-5492eafa07d3",
    },
    {
      pathPattern: "/api",
      targetOriginId: "programs",
      viewerProtocolPolicy: "redirect-to-https",
      allowedMethods: ["GET", "HEAD", "OPTIONS", "PUT", "PATCH", "POST", "DELETE"],
      cachedMethods: ["GET", "HEAD"],
      cachePolicyId: "4135ea2d-6df8-44a3-9df3-4b5a84be39ad",
      originRequestPolicyId: "216adef6-5c7f-47e4-b989-5492eafa07d3",
    },
    {
      pathPattern: "/api/*",
      targetOriginId: "programs",
      viewerProtocolPolicy: "redirect-to-https",
      allowedMethods: ["GET", "HEAD", "OPTIONS", "PUT", "PATCH", "POST", "DELETE"],
      cachedMethods: ["GET", "HEAD"],
      cachePolicyId: "4135ea2d-6df8-44a3-9df3-4b5a84be39ad",
      originRequestPolicyId: "216adef6-5c7f-47e4-b989-5492eafa07d3",
    },
  ],
  restrictions: {
    geoRestriction: {
      restrictionType: "none",
    },
  },
  viewerCertificate: {
    acmCertificateArn: cdnCertificateProven.certificateArn,
    sslSupportMethod: "sni-only",
    minimumProtocolVersion: "TLSv1.2_2021",
  },
}, { ignoreChanges: ["origins"] });

const webFilesPolicy = new aws.s3.BucketPolicy("web-files-policy", {
  bucket: webFiles.id,
  policy: pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "OnlyByTls",
        Effect: "Deny",
        Principal: "*",
        Action: "s3:*",
        Resource: [webFiles.arn, pulumi.interpolate`${webFiles.arn}/*`],
        Condition: {
          Bool: {
            "aws:SecureTransport": "false",
          },
        },
      },
      {
        Sid: "TheCdnReads",
        Effect: "Allow",
        Principal: {
          Service: "cloudfront.amazonaws.com",
        },
        Action: "s3:GetObject",
        Resource: pulumi.interpolate`${webFiles.arn}/*`,
        Condition: {
          StringEquals: {
            "aws:SourceArn": webCdn.arn,
          },
        },
      },
    ],
  }),
});

const shopExampleComRecord = new aws.route53.Record("shop-example-com-record", {
  zoneId: zone.zoneId,
  name: "shop.example.com",
  type: "A",
  aliases: [
    {
      name: webCdn.domainName,
      zoneId: webCdn.hostedZoneId,
      evaluateTargetHealth: false,
    },
  ],
});

const shopExampleComRecordIpv6 = new aws.route53.Record("shop-example-com-record-ipv6", {
  zoneId: zone.zoneId,
  name: "shop.example.com",
  type: "AAAA",
  aliases: [
    {
      name: webCdn.domainName,
      zoneId: webCdn.hostedZoneId,
      evaluateTargetHealth: false,
    },
  ],
});

const wwwShopExampleComRecord = new aws.route53.Record("www-shop-example-com-record", {
  zoneId: zone.zoneId,
  name: "www.shop.example.com",
  type: "A",
  aliases: [
    {
      name: webCdn.domainName,
      zoneId: webCdn.hostedZoneId,
      evaluateTargetHealth: false,
    },
  ],
});

const wwwShopExampleComRecordIpv6 = new aws.route53.Record("www-shop-example-com-record-ipv6", {
  zoneId: zone.zoneId,
  name: "www.shop.example.com",
  type: "AAAA",
  aliases: [
    {
      name: webCdn.domainName,
      zoneId: webCdn.hostedZoneId,
      evaluateTargetHealth: false,
    },
  ],
});

const programsFirewall = new aws.ec2.SecurityGroup("programs-firewall", {
  name: pulumi.interpolate`${name}-programs-firewall`,
  description: "programs-firewall of shop in production",
  vpcId: network.id,
  tags: {
    Name: pulumi.interpolate`${name}-programs-firewall`,
  },
});

const programsFirewallIn1 = new aws.vpc.SecurityGroupIngressRule("programs-firewall-in-1", {
  securityGroupId: programsFirewall.id,
  description: "the load balancer",
  referencedSecurityGroupId: loadBalancerFirewall.id,
  fromPort: 8080,
  toPort: 8080,
  ipProtocol: "tcp",
});

const programsFirewallIn2 = new aws.vpc.SecurityGroupIngressRule("programs-firewall-in-2", {
  securityGroupId: programsFirewall.id,
  description: "programs that use each other",
  referencedSecurityGroupId: programsFirewall.id,
  fromPort: 8080,
  toPort: 8080,
  ipProtocol: "tcp",
});

const programsFirewallOut = new aws.vpc.SecurityGroupEgressRule("programs-firewall-out", {
  securityGroupId: programsFirewall.id,
  description: "whatever it calls",
  cidrIpv4: "0.0.0.0/0",
  ipProtocol: "-1",
});

const mainDatabaseFirewall = new aws.ec2.SecurityGroup("main-database-firewall", {
  name: pulumi.interpolate`${name}-main-database-firewall`,
  description: "main-database-firewall of shop in production",
  vpcId: network.id,
  tags: {
    Name: pulumi.interpolate`${name}-main-database-firewall`,
  },
});

const mainDatabaseFirewallIn1 = new aws.vpc.SecurityGroupIngressRule("main-database-firewall-in-1", {
  securityGroupId: mainDatabaseFirewall.id,
  description: "the apps programs",
  referencedSecurityGroupId: programsFirewall.id,
  fromPort: 5432,
  toPort: 5432,
  ipProtocol: "tcp",
});

const mainDatabaseSubnets = new aws.rds.SubnetGroup("main-database-subnets", {
  name: pulumi.interpolate`${name}-main-database`,
  subnetIds: [privateA.id, privateB.id],
});

// AWS makes and keeps the password, so that nobody types it and no state has it. A last snapshot stays when it is removed.
const mainDatabase = new aws.rds.Instance("main-database", {
  identifier: pulumi.interpolate`${name}-main-database`,
  engine: "postgres",
  engineVersion: "16",
  instanceClass: "db.t4g.small",
  allocatedStorage: 20,
  storageType: "gp3",
  storageEncrypted: true,
  dbName: "shop",
  username: "app",
  manageMasterUserPassword: true,
  multiAz: true,
  backupRetentionPeriod: 7,
  copyTagsToSnapshot: true,
  deletionProtection: true,
  skipFinalSnapshot: false,
  finalSnapshotIdentifier: pulumi.interpolate`${name}-main-database-final`,
  publiclyAccessible: false,
  dbSubnetGroupName: mainDatabaseSubnets.name,
  vpcSecurityGroupIds: [mainDatabaseFirewall.id],
  enabledCloudwatchLogsExports: ["postgresql"],
});

const cacheCacheFirewall = new aws.ec2.SecurityGroup("cache-cache-firewall", {
  name: pulumi.interpolate`${name}-cache-cache-firewall`,
  description: "cache-cache-firewall of shop in production",
  vpcId: network.id,
  tags: {
    Name: pulumi.interpolate`${name}-cache-cache-firewall`,
  },
});

const cacheCacheFirewallIn1 = new aws.vpc.SecurityGroupIngressRule("cache-cache-firewall-in-1", {
  securityGroupId: cacheCacheFirewall.id,
  description: "the apps programs",
  referencedSecurityGroupId: programsFirewall.id,
  fromPort: 6379,
  toPort: 6379,
  ipProtocol: "tcp",
});

const cacheCacheSubnets = new aws.elasticache.SubnetGroup("cache-cache-subnets", {
  name: pulumi.interpolate`${name}-cache-cache`,
  subnetIds: [privateA.id, privateB.id],
});

// Takes connections with and without TLS; set transit_encryption_mode to required once all programs use it.
const cacheCache = new aws.elasticache.ReplicationGroup("cache-cache", {
  replicationGroupId: pulumi.interpolate`${name}-cache-cache`,
  description: "cache-cache of shop in production",
  engine: "redis",
  engineVersion: "7.1",
  nodeType: "cache.t4g.small",
  numCacheClusters: 2,
  automaticFailoverEnabled: true,
  multiAzEnabled: true,
  atRestEncryptionEnabled: true,
  transitEncryptionEnabled: true,
  transitEncryptionMode: "preferred",
  subnetGroupName: cacheCacheSubnets.name,
  securityGroupIds: [cacheCacheFirewall.id],
});

const uploadsBucket = new aws.s3.BucketV2("uploads-bucket", {
  bucketPrefix: pulumi.interpolate`${pulumi.interpolate`${name}-uploads-bucket`}-`,
  forceDestroy: false,
});

const uploadsBucketShut = new aws.s3.BucketPublicAccessBlock("uploads-bucket-shut", {
  bucket: uploadsBucket.id,
  blockPublicAcls: true,
  blockPublicPolicy: true,
  ignorePublicAcls: true,
  restrictPublicBuckets: true,
});

const uploadsBucketOwner = new aws.s3.BucketOwnershipControls("uploads-bucket-owner", {
  bucket: uploadsBucket.id,
  rule: {
    objectOwnership: "BucketOwnerEnforced",
  },
});

const uploadsBucketEncryption = new aws.s3.BucketServerSideEncryptionConfigurationV2("uploads-bucket-encryption", {
  bucket: uploadsBucket.id,
  rules: [
    {
      applyServerSideEncryptionByDefault: {
        sseAlgorithm: "AES256",
      },
    },
  ],
});

const uploadsBucketVersions = new aws.s3.BucketVersioningV2("uploads-bucket-versions", {
  bucket: uploadsBucket.id,
  versioningConfiguration: {
    status: "Enabled",
  },
});

const uploadsBucketLifecycle = new aws.s3.BucketLifecycleConfigurationV2("uploads-bucket-lifecycle", {
  bucket: uploadsBucket.id,
  rules: [
    {
      id: "parts-of-uploads-that-broke-off",
      status: "Enabled",
      filter: {},
      abortIncompleteMultipartUpload: {
        daysAfterInitiation: 7,
      },
    },
    {
      id: "what-was-written-over",
      status: "Enabled",
      filter: {},
      noncurrentVersionExpiration: {
        noncurrentDays: 30,
      },
    },
    {
      id: "old-files",
      status: "Enabled",
      filter: {},
      expiration: {
        days: 365,
      },
    },
  ],
}, { dependsOn: [uploadsBucketVersions] });

const uploadsBucketPolicy = new aws.s3.BucketPolicy("uploads-bucket-policy", {
  bucket: uploadsBucket.id,
  policy: pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "OnlyByTls",
        Effect: "Deny",
        Principal: "*",
        Action: "s3:*",
        Resource: [uploadsBucket.arn, pulumi.interpolate`${uploadsBucket.arn}/*`],
        Condition: {
          Bool: {
            "aws:SecureTransport": "false",
          },
        },
      },
    ],
  }),
});

// Messages that nobody could handle, for people to look at.
const ordersQueuePutAside = new aws.sqs.Queue("orders-queue-put-aside", {
  name: pulumi.interpolate`${name}-orders-queue-put-aside`,
  sqsManagedSseEnabled: true,
  messageRetentionSeconds: 1209600,
});

const ordersQueue = new aws.sqs.Queue("orders-queue", {
  name: pulumi.interpolate`${name}-orders-queue`,
  sqsManagedSseEnabled: true,
  visibilityTimeoutSeconds: 30,
  messageRetentionSeconds: 345600,
  redrivePolicy: pulumi.jsonStringify({
    deadLetterTargetArn: ordersQueuePutAside.arn,
    maxReceiveCount: 5,
  }),
});

const ordersQueuePolicy = new aws.sqs.QueuePolicy("orders-queue-policy", {
  queueUrl: ordersQueue.url,
  policy: pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "OnlyByTls",
        Effect: "Deny",
        Principal: "*",
        Action: "sqs:*",
        Resource: ordersQueue.arn,
        Condition: {
          Bool: {
            "aws:SecureTransport": "false",
          },
        },
      },
    ],
  }),
});

const ordersQueuePutAsidePolicy = new aws.sqs.QueuePolicy("orders-queue-put-aside-policy", {
  queueUrl: ordersQueuePutAside.url,
  policy: pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "OnlyByTls",
        Effect: "Deny",
        Principal: "*",
        Action: "sqs:*",
        Resource: ordersQueuePutAside.arn,
        Condition: {
          Bool: {
            "aws:SecureTransport": "false",
          },
        },
      },
    ],
  }),
});

// Services find each other by their names in it.
const containersNames = new aws.servicediscovery.HttpNamespace("containers-names", {
  name: name,
});

const containers = new aws.ecs.Cluster("containers", {
  name: pulumi.interpolate`${name}-containers`,
  settings: [
    {
      name: "containerInsights",
      value: "enabled",
    },
  ],
  serviceConnectDefaults: {
    namespace: containersNames.arn,
  },
});

const apiImages = new aws.ecr.Repository("api-images", {
  name: pulumi.interpolate`${name}/api-images`,
  imageTagMutability: "IMMUTABLE",
  forceDelete: true,
  imageScanningConfiguration: {
    scanOnPush: true,
  },
  encryptionConfigurations: [
    {
      encryptionType: "AES256",
    },
  ],
});

const apiImagesKeeping = new aws.ecr.LifecyclePolicy("api-images-keeping", {
  repository: apiImages.name,
  policy: pulumi.jsonStringify({
    rules: [
      {
        rulePriority: 1,
        description: "Keep the newest images",
        selection: {
          tagStatus: "any",
          countType: "imageCountMoreThan",
          countNumber: 20,
        },
        action: {
          type: "expire",
        },
      },
    ],
  }),
});

const apiLog = new aws.cloudwatch.LogGroup("api-log", {
  name: pulumi.interpolate`/fairlead/${name}/api-log`,
  retentionInDays: 30,
});

// Only the place: its value is put there apart from all code, and no state has it.
const stripeKeySecret = new aws.secretsmanager.Secret("stripe-key-secret", {
  name: pulumi.interpolate`${name}/STRIPE_KEY`,
  description: "STRIPE_KEY of shop in production",
});

const apiStarter = new aws.iam.Role("api-starter", {
  name: pulumi.interpolate`${name}-api-starter`,
  description: "api-starter of shop in production",
  assumeRolePolicy: pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: {
          Service: "ecs-tasks.amazonaws.com",
        },
        Action: "sts:AssumeRole",
        Condition: {
          StringEquals: {
            "aws:SourceAccount": callerIdentity.accountId,
          },
        },
      },
    ],
  }),
});

const apiStarterWork = new aws.iam.RolePolicy("api-starter-work", {
  name: "work",
  role: apiStarter.id,
  policy: pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Action: ["ecr:GetAuthorizationToken"],
        Resource: "*",
      },
      {
        Effect: "Allow",
        Action: ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
        Resource: apiImages.arn,
      },
      {
        Effect: "Allow",
        Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
        Resource: pulumi.interpolate`${apiLog.arn}:*`,
      },
      {
        Effect: "Allow",
        Action: ["secretsmanager:GetSecretValue"],
        Resource: stripeKeySecret.arn,
      },
      {
        Effect: "Allow",
        Action: ["secretsmanager:GetSecretValue"],
        Resource: mainDatabase.masterUserSecrets[0].secretArn,
      },
    ],
  }),
});

const apiIdentity = new aws.iam.Role("api-identity", {
  name: pulumi.interpolate`${name}-api-identity`,
  description: "api-identity of shop in production",
  assumeRolePolicy: pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: {
          Service: "ecs-tasks.amazonaws.com",
        },
        Action: "sts:AssumeRole",
        Condition: {
          StringEquals: {
            "aws:SourceAccount": callerIdentity.accountId,
          },
        },
      },
    ],
  }),
});

const apiIdentityWork = new aws.iam.RolePolicy("api-identity-work", {
  name: "work",
  role: apiIdentity.id,
  policy: pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Action: ["s3:ListBucket"],
        Resource: uploadsBucket.arn,
      },
      {
        Effect: "Allow",
        Action: ["s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload"],
        Resource: pulumi.interpolate`${uploadsBucket.arn}/*`,
      },
      {
        Effect: "Allow",
        Action: ["sqs:SendMessage", "sqs:GetQueueAttributes", "sqs:GetQueueUrl"],
        Resource: ordersQueue.arn,
      },
    ],
  }),
});

const apiTask = new aws.ecs.TaskDefinition("api-task", {
  family: pulumi.interpolate`${name}-api`,
  requiresCompatibilities: ["FARGATE"],
  networkMode: "awsvpc",
  cpu: "256",
  memory: "512",
  executionRoleArn: apiStarter.arn,
  taskRoleArn: apiIdentity.arn,
  containerDefinitions: pulumi.jsonStringify([
    {
      name: "api",
      image: apiImage === "" ? "public.ecr.aws/docker/library/busybox:1.37" : apiImage,
      essential: true,
      portMappings: [
        {
          name: "http",
          containerPort: 8080,
          protocol: "tcp",
          appProtocol: "http",
        },
      ],
      environment: [
        {
          name: "DATABASE_HOST",
          value: mainDatabase.address,
        },
        {
          name: "DATABASE_NAME",
          value: "shop",
        },
        {
          name: "DATABASE_PORT",
          value: "5432",
        },
        {
          name: "DATABASE_USER",
          value: "app",
        },
        {
          name: "ORDERS_QUEUE_URL",
          value: ordersQueue.url,
        },
        {
          name: "PORT",
          value: "8080",
        },
        {
          name: "REDIS_HOST",
          value: cacheCache.primaryEndpointAddress,
        },
        {
          name: "REDIS_PORT",
          value: "6379",
        },
        {
          name: "UPLOADS_BUCKET",
          value: uploadsBucket.bucket,
        },
      ],
      secrets: [
        {
          name: "DATABASE_PASSWORD",
          valueFrom: pulumi.interpolate`${mainDatabase.masterUserSecrets[0].secretArn}:password::`,
        },
        {
          name: "STRIPE_KEY",
          valueFrom: stripeKeySecret.arn,
        },
      ],
      linuxParameters: {
        initProcessEnabled: true,
      },
      logConfiguration: {
        logDriver: "awslogs",
        options: {
          "awslogs-group": apiLog.name,
          "awslogs-region": region.name,
          "awslogs-stream-prefix": "api",
        },
      },
    },
  ]),
});

const api = new aws.ecs.Service("api", {
  name: "api",
  cluster: containers.arn,
  taskDefinition: apiTask.arn,
  launchType: "FARGATE",
  desiredCount: apiImage === "" ? 0 : 2,
  deploymentMinimumHealthyPercent: 100,
  deploymentMaximumPercent: 200,
  healthCheckGracePeriodSeconds: 60,
  enableEcsManagedTags: true,
  propagateTags: "SERVICE",
  deploymentCircuitBreaker: {
    enable: true,
    rollback: true,
  },
  networkConfiguration: {
    subnets: [privateA.id, privateB.id],
    securityGroups: [programsFirewall.id],
    assignPublicIp: false,
  },
  loadBalancers: [
    {
      targetGroupArn: loadBalancerApi.arn,
      containerName: "api",
      containerPort: 8080,
    },
  ],
  serviceConnectConfiguration: {
    enabled: true,
    namespace: containersNames.arn,
    services: [
      {
        portName: "http",
        discoveryName: "api",
        clientAlias: [
          {
            dnsName: "api",
            port: 80,
          },
        ],
      },
    ],
  },
}, { dependsOn: [loadBalancerApiPaths], ignoreChanges: ["taskDefinition", "desiredCount"] });

const apiScaling = new aws.appautoscaling.Target("api-scaling", {
  serviceNamespace: "ecs",
  scalableDimension: "ecs:service:DesiredCount",
  resourceId: pulumi.interpolate`service/${containers.name}/${api.name}`,
  minCapacity: 2,
  maxCapacity: 6,
});

const apiScalingByCpu = new aws.appautoscaling.Policy("api-scaling-by-cpu", {
  name: "cpu",
  policyType: "TargetTrackingScaling",
  serviceNamespace: apiScaling.serviceNamespace,
  scalableDimension: apiScaling.scalableDimension,
  resourceId: apiScaling.resourceId,
  targetTrackingScalingPolicyConfiguration: {
    targetValue: 70,
    scaleOutCooldown: 60,
    scaleInCooldown: 300,
    predefinedMetricSpecification: {
      predefinedMetricType: "ECSServiceAverageCPUUtilization",
    },
  },
});

const workerImages = new aws.ecr.Repository("worker-images", {
  name: pulumi.interpolate`${name}/worker-images`,
  imageTagMutability: "IMMUTABLE",
  forceDelete: true,
  imageScanningConfiguration: {
    scanOnPush: true,
  },
  encryptionConfigurations: [
    {
      encryptionType: "AES256",
    },
  ],
});

const workerImagesKeeping = new aws.ecr.LifecyclePolicy("worker-images-keeping", {
  repository: workerImages.name,
  policy: pulumi.jsonStringify({
    rules: [
      {
        rulePriority: 1,
        description: "Keep the newest images",
        selection: {
          tagStatus: "any",
          countType: "imageCountMoreThan",
          countNumber: 20,
        },
        action: {
          type: "expire",
        },
      },
    ],
  }),
});

const workerLog = new aws.cloudwatch.LogGroup("worker-log", {
  name: pulumi.interpolate`/fairlead/${name}/worker-log`,
  retentionInDays: 30,
});

const workerStarter = new aws.iam.Role("worker-starter", {
  name: pulumi.interpolate`${name}-worker-starter`,
  description: "worker-starter of shop in production",
  assumeRolePolicy: pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: {
          Service: "ecs-tasks.amazonaws.com",
        },
        Action: "sts:AssumeRole",
        Condition: {
          StringEquals: {
            "aws:SourceAccount": callerIdentity.accountId,
          },
        },
      },
    ],
  }),
});

const workerStarterWork = new aws.iam.RolePolicy("worker-starter-work", {
  name: "work",
  role: workerStarter.id,
  policy: pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Action: ["ecr:GetAuthorizationToken"],
        Resource: "*",
      },
      {
        Effect: "Allow",
        Action: ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
        Resource: workerImages.arn,
      },
      {
        Effect: "Allow",
        Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
        Resource: pulumi.interpolate`${workerLog.arn}:*`,
      },
      {
        Effect: "Allow",
        Action: ["secretsmanager:GetSecretValue"],
        Resource: mainDatabase.masterUserSecrets[0].secretArn,
      },
    ],
  }),
});

const workerIdentity = new aws.iam.Role("worker-identity", {
  name: pulumi.interpolate`${name}-worker-identity`,
  description: "worker-identity of shop in production",
  assumeRolePolicy: pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: {
          Service: "ecs-tasks.amazonaws.com",
        },
        Action: "sts:AssumeRole",
        Condition: {
          StringEquals: {
            "aws:SourceAccount": callerIdentity.accountId,
          },
        },
      },
    ],
  }),
});

const workerIdentityWork = new aws.iam.RolePolicy("worker-identity-work", {
  name: "work",
  role: workerIdentity.id,
  policy: pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Action: ["s3:ListBucket"],
        Resource: uploadsBucket.arn,
      },
      {
        Effect: "Allow",
        Action: ["s3:GetObject"],
        Resource: pulumi.interpolate`${uploadsBucket.arn}/*`,
      },
      {
        Effect: "Allow",
        Action: [
          "sqs:ReceiveMessage",
          "sqs:DeleteMessage",
          "sqs:ChangeMessageVisibility",
          "sqs:GetQueueAttributes",
          "sqs:GetQueueUrl",
        ],
        Resource: ordersQueue.arn,
      },
    ],
  }),
});

const workerTask = new aws.ecs.TaskDefinition("worker-task", {
  family: pulumi.interpolate`${name}-worker`,
  requiresCompatibilities: ["FARGATE"],
  networkMode: "awsvpc",
  cpu: "256",
  memory: "512",
  executionRoleArn: workerStarter.arn,
  taskRoleArn: workerIdentity.arn,
  containerDefinitions: pulumi.jsonStringify([
    {
      name: "worker",
      image: workerImage === "" ? "public.ecr.aws/docker/library/busybox:1.37" : workerImage,
      essential: true,
      environment: [
        {
          name: "API_URL",
          value: "http://api",
        },
        {
          name: "DATABASE_HOST",
          value: mainDatabase.address,
        },
        {
          name: "DATABASE_NAME",
          value: "shop",
        },
        {
          name: "DATABASE_PORT",
          value: "5432",
        },
        {
          name: "DATABASE_USER",
          value: "app",
        },
        {
          name: "ORDERS_QUEUE_URL",
          value: ordersQueue.url,
        },
        {
          name: "UPLOADS_BUCKET",
          value: uploadsBucket.bucket,
        },
      ],
      secrets: [
        {
          name: "DATABASE_PASSWORD",
          valueFrom: pulumi.interpolate`${mainDatabase.masterUserSecrets[0].secretArn}:password::`,
        },
      ],
      linuxParameters: {
        initProcessEnabled: true,
      },
      logConfiguration: {
        logDriver: "awslogs",
        options: {
          "awslogs-group": workerLog.name,
          "awslogs-region": region.name,
          "awslogs-stream-prefix": "worker",
        },
      },
    },
  ]),
});

const worker = new aws.ecs.Service("worker", {
  name: "worker",
  cluster: containers.arn,
  taskDefinition: workerTask.arn,
  launchType: "FARGATE",
  desiredCount: workerImage === "" ? 0 : 1,
  deploymentMinimumHealthyPercent: 100,
  deploymentMaximumPercent: 200,
  enableEcsManagedTags: true,
  propagateTags: "SERVICE",
  deploymentCircuitBreaker: {
    enable: true,
    rollback: true,
  },
  networkConfiguration: {
    subnets: [privateA.id, privateB.id],
    securityGroups: [programsFirewall.id],
    assignPublicIp: false,
  },
  serviceConnectConfiguration: {
    enabled: true,
    namespace: containersNames.arn,
  },
}, { ignoreChanges: ["taskDefinition", "desiredCount"] });

const legacyLog = new aws.cloudwatch.LogGroup("legacy-log", {
  name: pulumi.interpolate`/fairlead/${name}/legacy-log`,
  retentionInDays: 30,
});

const legacyIdentity = new aws.iam.Role("legacy-identity", {
  name: pulumi.interpolate`${name}-legacy-identity`,
  description: "legacy-identity of shop in production",
  assumeRolePolicy: pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: {
          Service: "ec2.amazonaws.com",
        },
        Action: "sts:AssumeRole",
      },
    ],
  }),
});

const legacyIdentityWork = new aws.iam.RolePolicy("legacy-identity-work", {
  name: "work",
  role: legacyIdentity.id,
  policy: pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
        Resource: pulumi.interpolate`${legacyLog.arn}:*`,
      },
    ],
  }),
});

const legacyIdentityManaged = new aws.iam.RolePolicyAttachment("legacy-identity-managed", {
  role: legacyIdentity.name,
  policyArn: pulumi.interpolate`arn:${partition.partition}:iam::aws:policy/AmazonSSMManagedInstanceCore`,
});

const legacyIdentityProfile = new aws.iam.InstanceProfile("legacy-identity-profile", {
  name: pulumi.interpolate`${name}-legacy-identity`,
  role: legacyIdentity.name,
});

const machineImage = aws.ssm.getParameterOutput({
  name: machineImageParameter,
});

const legacyTemplate = new aws.ec2.LaunchTemplate("legacy-template", {
  namePrefix: pulumi.interpolate`${pulumi.interpolate`${name}-legacy`}-`,
  imageId: machineImage.insecureValue,
  instanceType: "t3.large",
  updateDefaultVersion: true,
  vpcSecurityGroupIds: [programsFirewall.id],
  userData: pulumi.output(pulumi.interpolate`#!/bin/sh
set -eu
install -d -m 0750 /etc/fairlead
: > /etc/fairlead/legacy.env
chmod 0640 /etc/fairlead/legacy.env
printf '%s\\n' 'PORT=8080' >> /etc/fairlead/legacy.env
`).apply((text) => Buffer.from(text).toString("base64")),
  iamInstanceProfile: {
    arn: legacyIdentityProfile.arn,
  },
  metadataOptions: {
    httpEndpoint: "enabled",
    httpTokens: "required",
    httpPutResponseHopLimit: 1,
  },
  monitoring: {
    enabled: true,
  },
  blockDeviceMappings: [
    {
      deviceName: "/dev/xvda",
      ebs: {
        volumeType: "gp3",
        volumeSize: 20,
        encrypted: "true",
        deleteOnTermination: "true",
      },
    },
  ],
});

const legacyMachines = new aws.autoscaling.Group("legacy-machines", {
  name: pulumi.interpolate`${name}-legacy`,
  minSize: 1,
  maxSize: 3,
  vpcZoneIdentifiers: [privateA.id, privateB.id],
  targetGroupArns: [loadBalancerLegacy.arn],
  healthCheckType: "ELB",
  healthCheckGracePeriod: 300,
  launchTemplate: {
    id: legacyTemplate.id,
    version: legacyTemplate.latestVersion.apply(String),
  },
  instanceRefresh: {
    strategy: "Rolling",
    preferences: {
      minHealthyPercentage: 100,
      autoRollback: true,
    },
  },
  tags: [
    {
      key: "Name",
      value: pulumi.interpolate`${name}-legacy`,
      propagateAtLaunch: true,
    },
  ],
}, { dependsOn: [loadBalancerLegacyPaths, loadBalancerLegacyPaths2] });

const legacyScalingByCpu = new aws.autoscaling.Policy("legacy-scaling-by-cpu", {
  name: "cpu",
  autoscalingGroupName: legacyMachines.name,
  policyType: "TargetTrackingScaling",
  targetTrackingConfiguration: {
    targetValue: 60,
    predefinedMetricSpecification: {
      predefinedMetricType: "ASGAverageCPUUtilization",
    },
  },
});

const thumbnailsLog = new aws.cloudwatch.LogGroup("thumbnails-log", {
  name: pulumi.interpolate`/fairlead/${name}/thumbnails-log`,
  retentionInDays: 30,
});

const thumbnailsIdentity = new aws.iam.Role("thumbnails-identity", {
  name: pulumi.interpolate`${name}-thumbnails-identity`,
  description: "thumbnails-identity of shop in production",
  assumeRolePolicy: pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: {
          Service: "lambda.amazonaws.com",
        },
        Action: "sts:AssumeRole",
      },
    ],
  }),
});

const thumbnailsIdentityWork = new aws.iam.RolePolicy("thumbnails-identity-work", {
  name: "work",
  role: thumbnailsIdentity.id,
  policy: pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Action: [
          "sqs:ReceiveMessage",
          "sqs:DeleteMessage",
          "sqs:ChangeMessageVisibility",
          "sqs:GetQueueAttributes",
          "sqs:GetQueueUrl",
        ],
        Resource: ordersQueue.arn,
      },
      {
        Effect: "Allow",
        Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
        Resource: pulumi.interpolate`${thumbnailsLog.arn}:*`,
      },
      {
        Effect: "Allow",
        Action: ["secretsmanager:GetSecretValue"],
        Resource: mainDatabase.masterUserSecrets[0].secretArn,
      },
    ],
  }),
});

const thumbnailsIdentityManaged = new aws.iam.RolePolicyAttachment("thumbnails-identity-managed", {
  role: thumbnailsIdentity.name,
  policyArn: pulumi.interpolate`arn:${partition.partition}:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole`,
});

// What functions begin with. Nothing else is in it.
const thumbnailsCode = new aws.s3.BucketV2("thumbnails-code", {
  bucketPrefix: pulumi.interpolate`${pulumi.interpolate`${name}-code`}-`,
  forceDestroy: true,
});

const thumbnailsCodeShut = new aws.s3.BucketPublicAccessBlock("thumbnails-code-shut", {
  bucket: thumbnailsCode.id,
  blockPublicAcls: true,
  blockPublicPolicy: true,
  ignorePublicAcls: true,
  restrictPublicBuckets: true,
});

// A ZIP with index.js, which says that nothing was deployed yet.
const thumbnailsFirstCode = new aws.s3.BucketObjectv2("thumbnails-first-code", {
  bucket: thumbnailsCode.id,
  key: "thumbnails/first.zip",
  contentBase64: "UEsDBBQAAAAAAAAAIQCxPBGXTwAAAE8AAAAIAAAAaW5kZXguanNleHBvcnRzLmhhbmRsZXIgPSBhc3luYyAoKSA9PiAoeyBzdGF0dXNDb2RlOiA1MDMsIGJvZHk6ICdub3QgZGVwbG95ZWQgeWV0JyB9KTsKUEsBAhQDFAAAAAAAAAAhALE8EZdPAAAATwAAAAgAAAAAAAAAAAAAAKSBAAAAAGluZGV4LmpzUEsFBgAAAAABAAEANgAAAHUAAAAAAA==",
  contentType: "application/zip",
});

// Begins with code that only says that there is none yet; later code is brought by deploys.
const thumbnails = new aws.lambda.Function("thumbnails", {
  name: pulumi.interpolate`${name}-thumbnails`,
  role: thumbnailsIdentity.arn,
  runtime: "nodejs22.x",
  handler: "index.handler",
  memorySize: 512,
  timeout: 30,
  s3Bucket: thumbnailsFirstCode.bucket,
  s3Key: thumbnailsFirstCode.key,
  publish: true,
  environment: {
    variables: {
      DATABASE_HOST: mainDatabase.address,
      DATABASE_NAME: "shop",
      DATABASE_PORT: "5432",
      DATABASE_USER: "app",
      ORDERS_QUEUE_URL: ordersQueue.url,
      DATABASE_PASSWORD_ARN: mainDatabase.masterUserSecrets[0].secretArn,
    },
  },
  loggingConfig: {
    logFormat: "JSON",
    logGroup: thumbnailsLog.name,
  },
  vpcConfig: {
    subnetIds: [privateA.id, privateB.id],
    securityGroupIds: [programsFirewall.id],
  },
}, { ignoreChanges: ["s3Bucket", "s3Key", "imageUri"] });

// Deploys lead it to other versions.
const thumbnailsLive = new aws.lambda.Alias("thumbnails-live", {
  name: "live",
  functionName: thumbnails.name,
  functionVersion: thumbnails.version,
}, { ignoreChanges: ["functionVersion", "routingConfig"] });

const alarms = new aws.sns.Topic("alarms", {
  name: pulumi.interpolate`${name}-alarms`,
});

const alarmsMail1 = new aws.sns.TopicSubscription("alarms-mail-1", {
  topic: alarms.arn,
  protocol: "email",
  endpoint: "ops@example.com",
});

const legacyErrors = new aws.cloudwatch.MetricAlarm("legacy-errors", {
  name: pulumi.interpolate`${name}-legacy-errors`,
  alarmDescription: "legacy-errors of shop in production",
  namespace: "AWS/ApplicationELB",
  metricName: "HTTPCode_Target_5XX_Count",
  dimensions: {
    LoadBalancer: loadBalancer.arnSuffix,
    TargetGroup: loadBalancerLegacy.arnSuffix,
  },
  statistic: "Sum",
  period: 60,
  evaluationPeriods: 5,
  threshold: 10,
  comparisonOperator: "GreaterThanThreshold",
  treatMissingData: "notBreaching",
  alarmActions: [alarms.arn],
  okActions: [alarms.arn],
});

const legacyUnhealthy = new aws.cloudwatch.MetricAlarm("legacy-unhealthy", {
  name: pulumi.interpolate`${name}-legacy-unhealthy`,
  alarmDescription: "legacy-unhealthy of shop in production",
  namespace: "AWS/ApplicationELB",
  metricName: "UnHealthyHostCount",
  dimensions: {
    LoadBalancer: loadBalancer.arnSuffix,
    TargetGroup: loadBalancerLegacy.arnSuffix,
  },
  statistic: "Maximum",
  period: 60,
  evaluationPeriods: 5,
  threshold: 0,
  comparisonOperator: "GreaterThanThreshold",
  treatMissingData: "notBreaching",
  alarmActions: [alarms.arn],
  okActions: [alarms.arn],
});

const apiErrors = new aws.cloudwatch.MetricAlarm("api-errors", {
  name: pulumi.interpolate`${name}-api-errors`,
  alarmDescription: "api-errors of shop in production",
  namespace: "AWS/ApplicationELB",
  metricName: "HTTPCode_Target_5XX_Count",
  dimensions: {
    LoadBalancer: loadBalancer.arnSuffix,
    TargetGroup: loadBalancerApi.arnSuffix,
  },
  statistic: "Sum",
  period: 60,
  evaluationPeriods: 5,
  threshold: 10,
  comparisonOperator: "GreaterThanThreshold",
  treatMissingData: "notBreaching",
  alarmActions: [alarms.arn],
  okActions: [alarms.arn],
});

const apiUnhealthy = new aws.cloudwatch.MetricAlarm("api-unhealthy", {
  name: pulumi.interpolate`${name}-api-unhealthy`,
  alarmDescription: "api-unhealthy of shop in production",
  namespace: "AWS/ApplicationELB",
  metricName: "UnHealthyHostCount",
  dimensions: {
    LoadBalancer: loadBalancer.arnSuffix,
    TargetGroup: loadBalancerApi.arnSuffix,
  },
  statistic: "Maximum",
  period: 60,
  evaluationPeriods: 5,
  threshold: 0,
  comparisonOperator: "GreaterThanThreshold",
  treatMissingData: "notBreaching",
  alarmActions: [alarms.arn],
  okActions: [alarms.arn],
});

const apiCpu = new aws.cloudwatch.MetricAlarm("api-cpu", {
  name: pulumi.interpolate`${name}-api-cpu`,
  alarmDescription: "api-cpu of shop in production",
  namespace: "AWS/ECS",
  metricName: "CPUUtilization",
  dimensions: {
    ClusterName: containers.name,
    ServiceName: api.name,
  },
  statistic: "Average",
  period: 60,
  evaluationPeriods: 15,
  threshold: 85,
  comparisonOperator: "GreaterThanThreshold",
  treatMissingData: "notBreaching",
  alarmActions: [alarms.arn],
  okActions: [alarms.arn],
});

const workerCpu = new aws.cloudwatch.MetricAlarm("worker-cpu", {
  name: pulumi.interpolate`${name}-worker-cpu`,
  alarmDescription: "worker-cpu of shop in production",
  namespace: "AWS/ECS",
  metricName: "CPUUtilization",
  dimensions: {
    ClusterName: containers.name,
    ServiceName: worker.name,
  },
  statistic: "Average",
  period: 60,
  evaluationPeriods: 15,
  threshold: 85,
  comparisonOperator: "GreaterThanThreshold",
  treatMissingData: "notBreaching",
  alarmActions: [alarms.arn],
  okActions: [alarms.arn],
});

const thumbnailsFailures = new aws.cloudwatch.MetricAlarm("thumbnails-failures", {
  name: pulumi.interpolate`${name}-thumbnails-failures`,
  alarmDescription: "thumbnails-failures of shop in production",
  namespace: "AWS/Lambda",
  metricName: "Errors",
  dimensions: {
    FunctionName: thumbnails.name,
  },
  statistic: "Sum",
  period: 60,
  evaluationPeriods: 5,
  threshold: 10,
  comparisonOperator: "GreaterThanThreshold",
  treatMissingData: "notBreaching",
  alarmActions: [alarms.arn],
  okActions: [alarms.arn],
});

const mainDatabaseCpu = new aws.cloudwatch.MetricAlarm("main-database-cpu", {
  name: pulumi.interpolate`${name}-main-database-cpu`,
  alarmDescription: "main-database-cpu of shop in production",
  namespace: "AWS/RDS",
  metricName: "CPUUtilization",
  dimensions: {
    DBInstanceIdentifier: mainDatabase.identifier,
  },
  statistic: "Average",
  period: 60,
  evaluationPeriods: 15,
  threshold: 85,
  comparisonOperator: "GreaterThanThreshold",
  treatMissingData: "notBreaching",
  alarmActions: [alarms.arn],
  okActions: [alarms.arn],
});

const mainDatabaseDisk = new aws.cloudwatch.MetricAlarm("main-database-disk", {
  name: pulumi.interpolate`${name}-main-database-disk`,
  alarmDescription: "main-database-disk of shop in production",
  namespace: "AWS/RDS",
  metricName: "FreeStorageSpace",
  dimensions: {
    DBInstanceIdentifier: mainDatabase.identifier,
  },
  statistic: "Minimum",
  period: 60,
  evaluationPeriods: 5,
  threshold: 3221225472,
  comparisonOperator: "LessThanThreshold",
  treatMissingData: "notBreaching",
  alarmActions: [alarms.arn],
  okActions: [alarms.arn],
});

const cacheCacheCpu = new aws.cloudwatch.MetricAlarm("cache-cache-cpu", {
  name: pulumi.interpolate`${name}-cache-cache-cpu`,
  alarmDescription: "cache-cache-cpu of shop in production",
  namespace: "AWS/ElastiCache",
  metricName: "EngineCPUUtilization",
  dimensions: {
    CacheClusterId: pulumi.interpolate`${cacheCache.id}-001`,
  },
  statistic: "Average",
  period: 60,
  evaluationPeriods: 15,
  threshold: 85,
  comparisonOperator: "GreaterThanThreshold",
  treatMissingData: "notBreaching",
  alarmActions: [alarms.arn],
  okActions: [alarms.arn],
});

const ordersQueuePutAside2 = new aws.cloudwatch.MetricAlarm("orders-queue-put-aside-2", {
  name: pulumi.interpolate`${name}-orders-queue-put-aside`,
  alarmDescription: "orders-queue-put-aside of shop in production",
  namespace: "AWS/SQS",
  metricName: "ApproximateNumberOfMessagesVisible",
  dimensions: {
    QueueName: ordersQueuePutAside.name,
  },
  statistic: "Maximum",
  period: 60,
  evaluationPeriods: 5,
  threshold: 0,
  comparisonOperator: "GreaterThanThreshold",
  treatMissingData: "notBreaching",
  alarmActions: [alarms.arn],
  okActions: [alarms.arn],
});

const ordersQueueAge = new aws.cloudwatch.MetricAlarm("orders-queue-age", {
  name: pulumi.interpolate`${name}-orders-queue-age`,
  alarmDescription: "orders-queue-age of shop in production",
  namespace: "AWS/SQS",
  metricName: "ApproximateAgeOfOldestMessage",
  dimensions: {
    QueueName: ordersQueue.name,
  },
  statistic: "Maximum",
  period: 60,
  evaluationPeriods: 5,
  threshold: 900,
  comparisonOperator: "GreaterThanThreshold",
  treatMissingData: "notBreaching",
  alarmActions: [alarms.arn],
  okActions: [alarms.arn],
});

// Costs nothing, and keeps images and files from going out and in again.
const networkToS3 = new aws.ec2.VpcEndpoint("network-to-s3", {
  vpcId: network.id,
  vpcEndpointType: "Gateway",
  serviceName: pulumi.interpolate`com.amazonaws.${region.name}.s3`,
  routeTableIds: [networkPrivate1.id, networkPrivate2.id],
  tags: {
    Name: pulumi.interpolate`${name}-to-s3`,
  },
});

// Where api-images are sent
export const apiImagesUri = apiImages.repositoryUrl;
// Service api in the cluster
export const apiService = api.name;
// Where cache-cache answers
export const cacheCacheHost = cacheCache.primaryEndpointAddress;
// Cluster of the containers
export const containersCluster = containers.name;
// Machines of legacy
export const legacyGroup = legacyMachines.name;
// Where the load balancer answers
export const loadBalancerUrl = pulumi.interpolate`https://${loadBalancer.dnsName}`;
// Where main-database answers
export const mainDatabaseHost = mainDatabase.address;
// Where the password of main-database is kept
export const mainDatabasePasswordArn = mainDatabase.masterUserSecrets[0].secretArn;
// Address of orders-queue
export const ordersQueueUrl = ordersQueue.url;
// Where the value of STRIPE_KEY is put
export const stripeKeySecretArn = stripeKeySecret.arn;
// Function thumbnails
export const thumbnailsFunction = thumbnails.name;
// Bucket uploads-bucket
export const uploadsBucketName = uploadsBucket.bucket;
// Where web-cdn answers
export const webCdnDomain = webCdn.domainName;
// For taking files of web-cdn out of caches
export const webCdnId = webCdn.id;
// Bucket web-files
export const webFilesName = webFiles.bucket;
// Where worker-images are sent
export const workerImagesUri = workerImages.repositoryUrl;
// Service worker in the cluster
export const workerService = worker.name;
