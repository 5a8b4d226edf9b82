package im.signet.kit.holding.remote;

import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** Lets the terms-service in another process ask this service: what a service imports that runs apart from it. */
@Configuration(proxyBeanMethods = false)
@Import(HoldingsController.class)
public class HoldingsEndpoint {}
