// Records in the zone of names, which is in a resource group of its own.

@description('validationToken of intakeExampleComDomain, of traffic.bicep')
param intakeExampleComDomainValidationToken string

@description('hostName of loadBalancer, of traffic.bicep')
param loadBalancerHostName string

// There already, and of more than one app: nobody makes or removes it here.
resource zone 'Microsoft.Network/dnsZones@2018-05-01' existing = {
  name: 'example.com'
}

resource intakeExampleComRecordProof 'Microsoft.Network/dnsZones/TXT@2018-05-01' = {
  parent: zone
  name: '_dnsauth.intake'
  properties: {
    TTL: 300
    TXTRecords: [
      {
        value: [
          intakeExampleComDomainValidationToken
        ]
      }
    ]
  }
}

resource intakeExampleComRecord 'Microsoft.Network/dnsZones/CNAME@2018-05-01' = {
  parent: zone
  name: 'intake'
  properties: {
    TTL: 300
    CNAMERecord: {
      cname: loadBalancerHostName
    }
  }
}
