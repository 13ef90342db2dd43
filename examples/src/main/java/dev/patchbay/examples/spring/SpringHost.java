package dev.patchbay.examples.spring;

import dev.patchbay.Plugins;
import dev.patchbay.client.ClientOptions;
import dev.patchbay.engine.EngineConfig;
import dev.patchbay.engine.PluginEngine;
import dev.patchbay.executor.runc.RuncExecutor;
import dev.patchbay.executor.runc.RuncExecutorConfig;
import dev.patchbay.registry.Registry;
import dev.patchbay.store.FileStore;
import dev.patchbay.store.StoreConfig;
import java.nio.file.Path;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.http.client.ReactorResourceFactory;
import org.springframework.web.server.WebFilter;

/** The application, and the engine as a bean of it. */
@SpringBootApplication(proxyBeanMethods = false)
public class SpringHost {
    /** Starts it: {@code --patchbay.root=DIR --patchbay.exec-root=DIR}. */
    public static void main(String[] arguments) {
        SpringApplication.run(SpringHost.class, arguments);
    }

    /**
     * Opened while the context starts, where waiting is allowed; without a runtime, or root, the context says what is missing and
     * does not start. Spring subscribes to {@code close} and waits for it, after the web server has stopped.
     *
     * @param netty its event loops serve requests; plugins are called on them too
     */
    @Bean(destroyMethod = "close")
    Plugins plugins(@Value("${patchbay.root}") Path root, @Value("${patchbay.exec-root}") Path execRoot,
            ReactorResourceFactory netty) {
        var calls = ClientOptions.DEFAULT.on(netty.getLoopResources());
        return RuncExecutor.opening(RuncExecutorConfig.of(it -> it.execRoot(execRoot).pluginRoot(root)))
                .flatMap(runc -> PluginEngine.open(
                        EngineConfig.of(it -> it.execRoot(execRoot).client(calls)),
                        FileStore.at(StoreConfig.at(root)), runc, Registry.none()))
                .blockOptional()
                .orElseThrow();
    }

    /** Has each log line, and each event, of what a request leads to carry the request's id. */
    @Bean
    WebFilter requestIds() {
        return (exchange, chain) -> chain.filter(exchange)
                .contextWrite(it -> it.put(Plugins.REQUEST_ID, exchange.getRequest().getId()));
    }
}
